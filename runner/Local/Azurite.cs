using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Freeway.Runner.Local;

/// <summary>
/// Azurite's table service as a child process. It lives as long as this end of its standard input is open, so it ends
/// with us however we end, and writes its data first.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string PortTaken = "EADDRINUSE";

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly LeftOver _mark;

    private Azurite(Process process, LeftOver mark, int port)
    {
        _process = process;
        _mark = mark;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={DevelopmentKey};"
        + string.Create(CultureInfo.InvariantCulture, $"TableEndpoint=http://127.0.0.1:{Port}/devstoreaccount1;");

    /// <summary>Answers requests when this returns.</summary>
    /// <exception cref="LocalSetupException">It cannot be installed or started.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions options, CancellationToken cancellation = default)
    {
        var package = await AzuritePackage.EnsureAsync(options.Progress, cancellation);
        Directory.CreateDirectory(options.Folder);
        var mark = new LeftOver(Path.Combine(options.Folder, "azurite.pid"));
        await mark.ReplaceAsync(options, cancellation);
        var (process, said) = await LaunchAsync(package, options.Folder, options.Port, cancellation);
        if (said.Error == PortTaken)
        {
            options.Progress($"port {options.Port} is taken, so Azurite takes another");
            process.Dispose();
            (process, said) = await LaunchAsync(package, options.Folder, 0, cancellation);
        }

        if (said.Port is not { } port)
        {
            process.Dispose();
            throw new LocalSetupException($"Azurite did not start: {said.Message}");
        }

        mark.Set(process);
        var azurite = new Azurite(process, mark, port);
        try
        {
            await azurite.ProbeAsync(cancellation);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it write its data and end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            _process.Kill();
        }

        _mark.Clear();
        _process.Dispose();
    }

    private static async Task<(Process Process, Said Said)> LaunchAsync(
        string package, string folder, int port, CancellationToken cancellation)
    {
        var launcher = Path.Combine(package, "azurite.mjs");
        var process = NodeProcess.Start(
            new ProcessStartInfo("node", [launcher, Path.GetFullPath(folder), port.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = await process.StandardOutput.ReadLineAsync(cancellation);
        return (process, line is null
            ? new Said(null, "failed", (await errors).Trim())
            : JsonSerializer.Deserialize<Said>(line, JsonSerializerOptions.Web)!);
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in new TableServiceClient(ConnectionString).QueryAsync(maxPerPage: 1, cancellationToken: cancellation))
            {
                break;
            }
        }
        catch (RequestFailedException e)
        {
            throw new LocalSetupException($"Azurite does not answer: {e.Message}", e);
        }
    }

    /// <summary>The launcher's one line.</summary>
    private sealed record Said(int? Port, string? Error, string? Message);
}

/// <summary>Configures an Azurite that is started here: where it keeps its tables and listens.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Made if missing. One Azurite at a time may use it.</summary>
    public required string Folder { get; init; }

    /// <summary>The TCP port on 127.0.0.1 that it should have; 0, or one that is taken, gives a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Gets the longest time that a process which an earlier run has left on the folder may take to end by itself.
    /// </summary>
    public TimeSpan LeftOverPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears one line for each step worth telling.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
