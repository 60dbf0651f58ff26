using System.CommandLine;
using Freeway.Runner.Local;

namespace Freeway.Runner.Commands;

/// <summary>Azurite's tables alone, installed on first use, for several processes to share.</summary>
internal static class AzuriteCommand
{
    private const int WantedPort = 10002;

    public static Command Create()
    {
        var port = CommonOptions.Port(WantedPort, "the tables");
        var data = CommonOptions.DataFolder();
        var ready = CommonOptions.ReadyFile();
        var command = new Command("azurite", "Runs Azurite's tables alone") { port, data, ready };
        command.SetAction((parsed, _) => CommandRun.UntilStoppedAsync(parsed, async (output, stop) =>
        {
            ReadyFile.Clear(parsed.GetValue(ready));
            var options = new AzuriteOptions
            {
                Folder = Path.Combine(parsed.GetValue(data)!, "azurite"),
                Port = parsed.GetValue(port),
                Progress = output.WriteLine,
            };
            var azurite = await Azurite.StartAsync(options, stop);
            ReadyFile.Write(
                parsed.GetValue(ready), new ReadyPart(azurite.ConnectionString, azurite.Port, Environment.ProcessId), ReadyJson.Default.ReadyPart);
            output.WriteLine($"tables: Azurite on port {azurite.Port}");
            output.WriteLine($"  AzureWebJobsStorage={azurite.ConnectionString}");
            return azurite;
        }));
        return command;
    }
}
