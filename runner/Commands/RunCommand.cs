using System.CommandLine;
using System.Globalization;
using Freeway.EmbeddedTables;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Local;

namespace Freeway.Runner.Commands;

/// <summary>The root command: the functions and everything around them that no setting names.</summary>
internal static class RunCommand
{
    private const int WantedPort = 7071;

    private static readonly EmbeddedPorts WantedPorts = new(Tables: 10002, Broker: 5672, Upstream: 7072, Provider: 7073);

    public static RootCommand Create()
    {
        var port = CommonOptions.Port(WantedPort, "the functions, and of the parts around them where it is 0");
        var bind = CommonOptions.Bind();
        var data = CommonOptions.DataFolder();
        var ready = CommonOptions.ReadyFile();
        var catalogue = new Option<string?>("--catalogue") { Description = "Catalogue file instead of the usual one", HelpName = "PATH" };
        var noSeed = new Option<bool>("--no-seed") { Description = "Write no demo org and key" };
        var azurite = new Option<bool>("--azurite")
        {
            Description = "Keep the tables in Azurite, which needs Node.js, instead of embedded",
        };
        var sync = new Option<TableSync>("--sync")
        {
            Description = "What the embedded tables survive: normal a kill of the process, full a power cut too. Full waits "
                + "for the disk at every commit: fewer transactions a second, and a flush in the time of each",
            HelpName = "normal|full",
        };
        var worker = new Option<string?>("--worker")
        {
            Description = "Run the functions in the real isolated worker, a process of its own as on Azure, from this folder "
                + "of a built or published app, or from the one of this program. Keeps the tables in Azurite",
            HelpName = "DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var routeOrder = new Option<RouteOrder>("--route-order")
        {
            Description = "By what the host orders routes: name, as hosts have done so far, or pattern, the more precise first",
            HelpName = "name|pattern",
        };
        var telemetry = new Option<bool>("--telemetry")
        {
            Description = "Show traces, metrics and logs in Aspire's dashboard, which is downloaded at its first use: "
                + "38 MB",
        };
        var signUp = new Option<bool>("--sign-up")
        {
            Description = "Open sign-up on the dashboard, with a test provider on this machine that asks for no password",
        };
        var clock = CommonOptions.Clock();
        var command = new RootCommand(
            "Runs Freeway on this machine. Settings come from local.settings.json and the environment; a storage account, "
            + "Service Bus or loopback upstream that they name is used instead of one started here.")
        {
            port, bind, data, ready, catalogue, noSeed, azurite, sync, worker, routeOrder, telemetry, signUp, clock,
            BackupCommand.Create(), CopyCommand.Create(), BrokerCommand.Create(), UpstreamCommand.Create(), AzuriteCommand.Create(),
        };
        command.SetAction((parsed, _) => CommandRun.UntilStoppedAsync(parsed, async (output, stop) =>
        {
            var began = TimeProvider.System.GetTimestamp();
            ReadyFile.Clear(parsed.GetValue(ready));
            var wanted = parsed.GetValue(port);
            PortProbe.EnsureFree(wanted, parsed.GetValue(bind));
            // Played times go with the run, unless a folder is named for them.
            var isPlayed = parsed.GetResult(clock) is not null;
            var folder = isPlayed && parsed.GetResult(data) is { Implicit: true } ? null : parsed.GetValue(data);
            var settings = LocalSettings.Read();
            TelemetryDashboard? dashboard = null;
            if (parsed.GetValue(telemetry))
            {
                TelemetryDashboard.RequireNoOther(settings);
                dashboard = await TelemetryDashboard.StartAsync(output.WriteLine, stop);
                settings = TelemetryDashboard.Complete(settings, dashboard.Collector);
            }

            var host = await StartAsync(
                dashboard,
                new FreewayHostOptions
                {
                    Bind = parsed.GetValue(bind),
                    Port = wanted,
                    DataFolder = folder,
                    TimeProvider = isPlayed ? ClockAt(parsed.GetValue(clock), folder) : TimeProvider.System,
                    Settings = settings,
                    CataloguePath = parsed.GetValue(catalogue),
                    UseAzurite = parsed.GetValue(azurite),
                    Worker = parsed.GetResult(worker) is null ? null : parsed.GetValue(worker) ?? AppContext.BaseDirectory,
                    RouteOrder = parsed.GetValue(routeOrder),
                    TableSync = parsed.GetValue(sync),
                    SignUp = parsed.GetValue(signUp),
                    Seed = !parsed.GetValue(noSeed),
                    Ports = wanted == 0 ? new EmbeddedPorts() : WantedPorts,
                    ConfigureLogging = isPlayed ? ConsoleLog.AddForPlayedTime : ConsoleLog.Add,
                    Progress = output.WriteLine,
                },
                stop);
            ReadyFile.Write(parsed.GetValue(ready), ReadyRun.Of(host), ReadyJson.Default.ReadyRun);
            Greeting.Write(output, host, dashboard?.Url, TimeProvider.System.GetElapsedTime(began));
            return new StopsInTurn(host, dashboard);
        }));
        return command;
    }

    /// <summary>A host that does not start takes the dashboard with it.</summary>
    private static async Task<FreewayHost> StartAsync(
        TelemetryDashboard? dashboard, FreewayHostOptions options, CancellationToken cancellation)
    {
        try
        {
            return await FreewayHost.StartAsync(options, cancellation);
        }
        catch when (dashboard is not null)
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A clock that stands at the moment that was given, or where the folder's last one stood, or at now.
    /// </summary>
    private static ManualClock ClockAt(string? start, string? folder) => new(
        start is not null && ClockMoment.TryRead(start, out var moment) ? moment
            : (folder is null ? null : ClockNote.Read(folder)) ?? TimeProvider.System.GetUtcNow());
}

/// <summary>The last lines of a start: the key, and three requests to try.</summary>
internal static class Greeting
{
    /// <param name="telemetry">The address of the page with the telemetry; null where there is none.</param>
    public static void Write(TextWriter output, FreewayHost host, string? telemetry, TimeSpan took)
    {
        var url = host.Url.ToString().TrimEnd('/');
        var key = host.ApiKey ?? "$KEY";
        var chat = $"{url}/api/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d ";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Freeway is ready at {url} after {took.TotalSeconds:0.0} s"));
        output.WriteLine();
        output.WriteLine($"  API key    {host.ApiKey ?? "none seeded"}");
        output.WriteLine($"  admin key  {host.AdminKey ?? "as set by Freeway__AdminKeyHash"}");
        output.WriteLine($"  dashboard  {url}/dashboard, with either key");
        if (telemetry is not null)
        {
            output.WriteLine($"  telemetry  {telemetry}");
        }

        if (host.Clock is { } clock)
        {
            output.WriteLine($"  clock      stands at {ClockMoment.Write(clock.GetUtcNow())} until it is moved");
        }

        output.WriteLine();
        output.WriteLine($$"""  curl -s {{chat}}'{"model":"demo/echo:free","messages":[{"role":"user","content":"Hello"}]}'""");
        output.WriteLine($$"""  curl -sN {{chat}}'{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""");
        output.WriteLine($"  curl -s {url}/api/v1/quota -H 'Authorization: Bearer {key}'");
        if (host.Clock is not null)
        {
            var admin = host.AdminKey ?? "$ADMIN";
            output.WriteLine(
                $$"""  curl -s {{url}}/admin/clock -H 'Authorization: Bearer {{admin}}' -d '{"advance_seconds":60}'""");
        }

        output.WriteLine();
        output.WriteLine("Ctrl-C stops it.");
    }
}
