using System.CommandLine;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Commands;

/// <summary>The embedded broker alone, for several processes to share.</summary>
internal static class BrokerCommand
{
    private const int WantedPort = 5672;

    public static Command Create()
    {
        var port = CommonOptions.Port(WantedPort, "the broker");
        var data = CommonOptions.DataFolder();
        var ready = CommonOptions.ReadyFile();
        var queue = new Option<string>("--queue")
        {
            Description = "The queue that it serves",
            HelpName = "NAME",
            DefaultValueFactory = _ => EmbeddedServices.DefaultQueue,
        };
        var lockSeconds = new Option<int>("--lock-seconds")
        {
            Description = "How long a receiver owns a message before another gets it",
            HelpName = "N",
            DefaultValueFactory = _ => 60,
        };
        lockSeconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--lock-seconds: give 1 or more.");
            }
        });
        var command = new Command("broker", "Runs the Service Bus broker alone") { port, data, ready, queue, lockSeconds };
        command.SetAction((parsed, _) => CommandRun.UntilStoppedAsync(parsed, async (output, _) =>
        {
            ReadyFile.Clear(parsed.GetValue(ready));
            var options = new BrokerOptions
            {
                Port = parsed.GetValue(port),
                DataFolder = Path.Combine(parsed.GetValue(data)!, "broker"),
                Queues = [new QueueOptions(parsed.GetValue(queue)!) { LockDuration = TimeSpan.FromSeconds(parsed.GetValue(lockSeconds)) }],
            };
            var loggers = LoggerFactory.Create(ConsoleLog.Add);
            var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, loggers);
            ReadyFile.Write(
                parsed.GetValue(ready), new ReadyPart(broker.ConnectionString, broker.Port, Environment.ProcessId), ReadyJson.Default.ReadyPart);
            output.WriteLine($"broker: queue {parsed.GetValue(queue)} on port {broker.Port}");
            output.WriteLine($"  ServiceBus={broker.ConnectionString}");
            return broker;
        }));
        return command;
    }
}
