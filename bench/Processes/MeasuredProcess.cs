using System.Diagnostics;
using System.Text.Json;

namespace Freeway.Bench.Processes;

/// <summary>
/// Runs one program of the bench, which says that it is ready by a file, until it is disposed: then it is told to stop
/// by a signal to its own id, and awaited.
/// </summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private readonly Process _process;

    private MeasuredProcess(string name, Process process, JsonElement ready)
    {
        (Name, _process, Ready) = (name, process, ready);
    }

    public string Name { get; }

    /// <summary>Gets what the program wrote when it was ready.</summary>
    public JsonElement Ready { get; }

    public int Id => _process.Id;

    public ProcessUsage Usage => ProcessUsage.Of(Id);

    /// <summary>Starts a program and waits until it is ready.</summary>
    /// <param name="folder">A folder of the program's own, for its output and its ready file.</param>
    /// <exception cref="InvalidOperationException">The program ended before it was ready.</exception>
    public static async Task<MeasuredProcess> StartAsync(
        string name, string folder, string assembly, string[] arguments, params (string Name, string Value)[] settings)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "ready.json");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments, "--ready-file", file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (setting, value) in settings)
        {
            start.Environment[setting] = value;
        }

        using var seen = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(folder, "ready.json");
        watcher.Renamed += (_, _) => seen.Release();
        watcher.Created += (_, _) => seen.Release();
        watcher.EnableRaisingEvents = true;
        var process = Process.Start(start)!;
        var said = new List<string>();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ready = seen.WaitAsync();
        if (await Task.WhenAny(ready, process.WaitForExitAsync()) != ready)
        {
            throw new InvalidOperationException($"{name} ended before it was ready: {string.Join(' ', said)}");
        }

        return new MeasuredProcess(name, process, JsonElement.Parse(await File.ReadAllTextAsync(file)));

        void Keep(string? line)
        {
            if (line is not null && said.Count < 100)
            {
                said.Add(line);
            }
        }
    }

    public string Text(string name) => Ready.GetProperty(name).GetString()!;

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
