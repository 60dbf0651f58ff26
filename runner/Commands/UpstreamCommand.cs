using System.CommandLine;
using Freeway.Runner.Local;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Commands;

/// <summary>The loopback upstream alone.</summary>
internal static class UpstreamCommand
{
    private const int WantedPort = 7072;

    public static Command Create()
    {
        var port = CommonOptions.Port(WantedPort, "the loopback upstream");
        var ready = CommonOptions.ReadyFile();
        var command = new Command("upstream", "Runs the loopback upstream alone") { port, ready };
        command.SetAction((parsed, _) => CommandRun.UntilStoppedAsync(parsed, async (output, stop) =>
        {
            ReadyFile.Clear(parsed.GetValue(ready));
            PortProbe.EnsureFree(parsed.GetValue(port));
            var upstream = await LoopbackUpstream.StartAsync(
                new LoopbackOptions { Port = parsed.GetValue(port) }, TimeProvider.System, stop);
            ReadyFile.Write(
                parsed.GetValue(ready), new ReadyPart(upstream.BaseUrl, new Uri(upstream.BaseUrl).Port, Environment.ProcessId),
                ReadyJson.Default.ReadyPart);
            output.WriteLine("upstream: loopback");
            output.WriteLine($"  Freeway__Upstreams__loopback__BaseUrl={upstream.BaseUrl}");
            return upstream;
        }));
        return command;
    }
}
