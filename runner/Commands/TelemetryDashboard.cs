using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Freeway.Runner.Local;
using Freeway.Runner.Worker;

namespace Freeway.Runner.Commands;

/// <summary>
/// Runs Aspire's dashboard as a child process on the loopback interface, which shows traces, metrics and logs for as
/// long as the run lasts and keeps nothing. Nobody signs in: whoever is on this machine may look.
/// </summary>
internal sealed partial class TelemetryDashboard : IAsyncDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OwnEndpoint = "Freeway:Telemetry:OtlpEndpoint";
    private const string FreePort = "http://127.0.0.1:0";

    /// <summary>A start on a busy machine takes some seconds; more than this is a dashboard that hangs.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly WorkerProcess _process;
    private readonly Task<int> _ended;

    private TelemetryDashboard(WorkerProcess process) => (_process, _ended) = (process, process.ExitAsync());

    /// <summary>Gets the address of its page.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Gets the address at which it takes OTLP over HTTP.</summary>
    public string Collector { get; private set; } = "";

    /// <exception cref="LocalSetupException">It cannot be had, or does not start.</exception>
    public static async Task<TelemetryDashboard> StartAsync(Action<string> progress, CancellationToken cancellation)
    {
        progress("telemetry: Aspire's dashboard, downloaded at its first use (38 MB)");
        var program = await DashboardPackage.EnsureAsync(DashboardPackage.Project(), cancellation);
        var dashboard = new TelemetryDashboard(WorkerProcess.Start(
            new WorkerProgram(Path.GetDirectoryName(program)!, program, null), [], Environment));
        try
        {
            await dashboard.ListenAsync(cancellation);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <summary>The given settings, and those by which the functions send to a collector at this address.</summary>
    /// <exception cref="LocalSetupException">The settings name a collector already.</exception>
    public static IReadOnlyDictionary<string, string?> Complete(
        IReadOnlyDictionary<string, string?> given, string collector)
    {
        RequireNoOther(given);
        return new Dictionary<string, string?>(given, StringComparer.OrdinalIgnoreCase)
        {
            [Endpoint] = collector,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            // Somebody is looking: the usual minute is long then.
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "5000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
        };
    }

    /// <exception cref="LocalSetupException">The settings name a collector already.</exception>
    public static void RequireNoOther(IReadOnlyDictionary<string, string?> given)
    {
        foreach (var name in new[] { Endpoint, OwnEndpoint })
        {
            if (given.GetValueOrDefault(name) is { Length: > 0 })
            {
                throw new LocalSetupException(
                    "--telemetry brings a collector of its own: leave it out, or unset "
                    + $"{name.Replace(":", "__", StringComparison.Ordinal)}.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _ended;
        _process.Dispose();
    }

    private static Dictionary<string, string> Environment => new()
    {
        ["ASPNETCORE_URLS"] = FreePort,
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = FreePort,
        ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = FreePort,
        ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
    };

    /// <summary>Its first lines tell which ports it has taken.</summary>
    private async Task ListenAsync(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var said = _process.Said;
            if (Page().Match(said) is { Success: true } page && Otlp().Match(said) is { Success: true } otlp)
            {
                (Url, Collector) = (page.Groups[1].Value, otlp.Groups[1].Value);
                return;
            }

            if (_ended.IsCompleted || TimeProvider.System.GetElapsedTime(began) > StartLimit)
            {
                throw new LocalSetupException($"--telemetry: Aspire's dashboard did not start: {said}");
            }

            await Task.Delay(LookEvery, TimeProvider.System, cancellation);
        }
    }

    [GeneratedRegex(@"Now listening on:\s+(http://\S+)")]
    private static partial Regex Page();

    [GeneratedRegex(@"OTLP/HTTP listening on:\s+(http://\S+)")]
    private static partial Regex Otlp();
}

/// <summary>Aspire's dashboard as NuGet has it for this platform, downloaded at its first use.</summary>
internal static class DashboardPackage
{
    /// <summary>The project that names the package.</summary>
    /// <exception cref="LocalSetupException">This program is outside its checkout.</exception>
    public static string Project() => Path.Combine(
        RepositoryRoot.Find() ?? throw new LocalSetupException(
            "--telemetry: eng/telemetry-dashboard is not above this program, so the dashboard cannot be downloaded: "
            + "set OTEL_EXPORTER_OTLP_ENDPOINT."),
        "eng", "telemetry-dashboard", "Freeway.TelemetryDashboard.csproj");

    /// <summary>Downloads the package where it is not there yet, and gives the path of its program.</summary>
    /// <exception cref="LocalSetupException">It cannot be had; the message has what the SDK said.</exception>
    public static async Task<string> EnsureAsync(string project, CancellationToken cancellation)
    {
        using var sdk = Start(
            "msbuild", project, "-restore", "-t:FindDashboard", "-getProperty:DashboardProgram", "-nodeReuse:false",
            "-nologo");
        var output = sdk.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await sdk.StandardError.ReadToEndAsync(cancellation);
        var said = (await output + errors).Trim();
        await sdk.WaitForExitAsync(cancellation);
        if (sdk.ExitCode is not 0 || !File.Exists(said))
        {
            throw new LocalSetupException(
                $"--telemetry: Aspire's dashboard cannot be had from the package source: {FirstLine(said)} Without "
                + "--telemetry nothing of it is needed; OTEL_EXPORTER_OTLP_ENDPOINT names a collector of your own.");
        }

        return said;
    }

    private static Process Start(params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("dotnet", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new LocalSetupException("--telemetry: the .NET SDK, which downloads the dashboard, is not here.", e);
        }
    }

    private static string FirstLine(string said) =>
        said.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim() ?? said;
}

/// <summary>Two parts that stop in this order.</summary>
internal sealed class StopsInTurn(IAsyncDisposable first, IAsyncDisposable? second) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        if (second is not null)
        {
            await second.DisposeAsync();
        }
    }
}
