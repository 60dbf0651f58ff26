using System.Diagnostics;
using System.Globalization;

namespace Freeway.Tests.Shared;

/// <summary>One Azurite per test process, in memory, on a free port. It exits with us, also when we are killed.</summary>
public static class AzuriteProcess
{
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Its connection string, as soon as it serves.</summary>
    public static Task<string> ConnectionAsync() => Shared.Value;

    public static string ConnectionStringOf(int port) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"TableEndpoint=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/devstoreaccount1;";

    private static async Task<string> StartAsync()
    {
        var local = await NpmFolder.EnsureAsync(Path.Combine("eng", "local"));
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(RepositoryFolder.Root, "tests", "shared", "azurite.cjs"));
        start.ArgumentList.Add(local);

        // The process lives as long as our end of its standard input, which the system closes when we end.
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var line = await process.StandardOutput.ReadLineAsync();
        return int.TryParse(line, CultureInfo.InvariantCulture, out var port)
            ? ConnectionStringOf(port)
            : throw new InvalidOperationException($"Azurite did not start: {await process.StandardError.ReadToEndAsync()}");
    }
}
