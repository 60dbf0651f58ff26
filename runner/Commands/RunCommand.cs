using System.CommandLine;
using Freeway.EmbeddedTables;
using Freeway.Runner.Local;

namespace Freeway.Runner.Commands;

/// <summary>The root command: the functions and everything around them that no setting names.</summary>
internal static class RunCommand
{
    private const int WantedPort = 7071;

    private static readonly OwnPorts WantedPorts = new(Tables: 10002, Broker: 5672, Upstream: 7072);

    public static RootCommand Create()
    {
        var port = CommonOptions.Port(WantedPort, "the functions, and of the parts around them where it is 0");
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
        var command = new RootCommand(
            "Runs Freeway on this machine. Settings come from local.settings.json and the environment; a storage account, "
            + "Service Bus or loopback upstream that they name is used instead of one started here.")
        {
            port, data, ready, catalogue, noSeed, azurite, sync,
            BackupCommand.Create(), BrokerCommand.Create(), UpstreamCommand.Create(), AzuriteCommand.Create(),
        };
        command.SetAction((parsed, _) => CommandRun.UntilStoppedAsync(parsed, async (output, stop) =>
        {
            var began = TimeProvider.System.GetTimestamp();
            ReadyFile.Clear(parsed.GetValue(ready));
            var wanted = parsed.GetValue(port);
            PortProbe.EnsureFree(wanted);
            var host = await FreewayHost.StartAsync(
                new FreewayHostOptions
                {
                    Port = wanted,
                    DataFolder = parsed.GetValue(data),
                    Settings = LocalSettings.Read(),
                    CataloguePath = parsed.GetValue(catalogue),
                    UseAzurite = parsed.GetValue(azurite),
                    TableSync = parsed.GetValue(sync),
                    Seed = !parsed.GetValue(noSeed),
                    Ports = wanted == 0 ? new OwnPorts() : WantedPorts,
                    ConfigureLogging = ConsoleLog.Add,
                    Progress = output.WriteLine,
                },
                stop);
            ReadyFile.Write(parsed.GetValue(ready), ReadyRun.Of(host));
            Greeting.Write(output, host, TimeProvider.System.GetElapsedTime(began));
            return host;
        }));
        return command;
    }
}
