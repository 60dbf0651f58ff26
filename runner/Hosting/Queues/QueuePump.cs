using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Reads the queues of all queue functions; a stop waits for the batches that are under way.</summary>
internal sealed class QueuePump(FunctionAppOptions options, Drain drain, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly QueueConnections _connections = new(options.Configuration);
    private readonly List<QueueReader> _readers = [];
    private Task _running = Task.CompletedTask;

    /// <exception cref="FunctionBindingException">The queue cannot be read as the trigger wants it.</exception>
    public void Add(string name, QueueTrigger trigger, QueueCall call)
    {
        if (trigger.HasSessions)
        {
            throw new FunctionBindingException("sessions are not served here");
        }

        var host = options.HostFile;
        var called = new QueueFunction(
            name, trigger.IsBatched, trigger.AutoComplete ?? host.AutoCompleteMessages, call, options.TimeProvider, drain,
            loggers.CreateLogger($"Function.{name}"));
        var client = _connections.Open(trigger.Connection);
        var receiving = new ServiceBusReceiverOptions { PrefetchCount = host.PrefetchCount };
        var (source, open) = Source(trigger, client, receiving);
        _readers.Add(new QueueReader(called, open, source, host));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(_readers.Select(reader => reader.RunAsync(_stopping.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        await _connections.DisposeAsync();
    }

    private (string Name, Func<ServiceBusReceiver> Open) Source(
        QueueTrigger trigger, ServiceBusClient client, ServiceBusReceiverOptions receiving)
    {
        if (trigger.Queue is { } name)
        {
            var queue = SettingNames.Resolve(name, options.Configuration);
            return (queue, () => client.CreateReceiver(queue, receiving));
        }

        var topic = SettingNames.Resolve(trigger.Topic!, options.Configuration);
        var subscription = SettingNames.Resolve(trigger.Subscription!, options.Configuration);
        return ($"{topic}/{subscription}", () => client.CreateReceiver(topic, subscription, receiving));
    }
}

/// <summary>Describes the trigger of a queue function; <c>%Name%</c> in a name stands for a setting.</summary>
/// <param name="Queue">Null for the subscription of a topic.</param>
/// <param name="Connection">The setting that holds the connection, or the prefix of those that do.</param>
/// <param name="IsBatched">Whether one call takes several messages.</param>
/// <param name="AutoComplete">Null where the host's own setting counts.</param>
internal sealed record QueueTrigger(
    string? Queue, string? Topic, string? Subscription, string? Connection, bool IsBatched, bool? AutoComplete, bool HasSessions);
