using System.Diagnostics;
using System.Globalization;

namespace Freeway.Runner.Local;

/// <summary>
/// The note of a child process in the data folder, by which a later run knows one that outlived its own.
/// </summary>
internal sealed class LeftOver(string path)
{
    public void Set(Process process) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{process.Id} {process.StartTime.ToUniversalTime().Ticks}"));

    public void Clear() => File.Delete(path);

    /// <summary>
    /// Lets the process of an earlier run end, which it does by itself, and ends it where it does not.
    /// </summary>
    public async Task ReplaceAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        if (Find() is not { } process)
        {
            return;
        }

        using (process)
        {
            options.Progress($"an earlier run left its Azurite behind (process {process.Id}): waiting for it to end");
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(options.LeftOverPatience);
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                options.Progress($"ending process {process.Id}");
                process.Kill();
                await process.WaitForExitAsync(cancellation);
            }
        }
    }

    /// <summary>
    /// Finds the process that the note names; null where it is gone. An id alone proves nothing, for ids are used
    /// again: the time of its start must fit too.
    /// </summary>
    private Process? Find()
    {
        if (!File.Exists(path) || File.ReadAllText(path).Split(' ') is not [var idText, var ticksText]
            || !int.TryParse(idText, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(ticksText, CultureInfo.InvariantCulture, out var ticks))
        {
            return null;
        }

        try
        {
            var process = Process.GetProcessById(id);
            if (Math.Abs(process.StartTime.ToUniversalTime().Ticks - ticks) < TimeSpan.TicksPerSecond)
            {
                return process;
            }

            process.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // no such process
        }

        return null;
    }
}
