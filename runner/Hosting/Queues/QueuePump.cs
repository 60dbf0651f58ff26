using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Reads the queues of all queue functions; a stop waits for the batches that are under way.</summary>
internal sealed class QueuePump(FunctionAppOptions options, WorkerPipeline pipeline, Drain drain, IServiceScopeFactory scopes, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly QueueConnections _connections = new(options.Configuration);
    private readonly List<QueueReader> _readers = [];
    private Task _running = Task.CompletedTask;

    public void Bind(IEnumerable<FoundFunction> functions, BindingErrors errors)
    {
        if (!options.RunQueues)
        {
            return;
        }

        foreach (var function in functions)
        {
            if (function.Trigger is ServiceBusTriggerAttribute trigger)
            {
                errors.Catch(function.Name, () => _readers.Add(Bind(function, trigger)));
            }
        }
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

    private QueueReader Bind(FoundFunction function, ServiceBusTriggerAttribute trigger)
    {
        if (trigger.IsSessionsEnabled)
        {
            throw new FunctionBindingException("sessions are not served here");
        }

        var host = options.HostFile;
        var autoComplete = function.Says(nameof(trigger.AutoCompleteMessages)) ? trigger.AutoCompleteMessages : host.AutoCompleteMessages;
        var called = new QueueFunction(
            function, trigger, pipeline, autoComplete, scopes, options.TimeProvider, drain, loggers.CreateLogger($"Function.{function.Name}"));
        var client = _connections.Open(trigger.Connection);
        var receiving = new ServiceBusReceiverOptions { PrefetchCount = host.PrefetchCount };
        var (name, open) = Source(trigger, client, receiving);
        return new QueueReader(called, open, name, host.MaxMessageBatchSize, host.MaxConcurrentCalls);
    }

    private (string Name, Func<ServiceBusReceiver> Open) Source(
        ServiceBusTriggerAttribute trigger, ServiceBusClient client, ServiceBusReceiverOptions receiving)
    {
        if (trigger.QueueName is { } name)
        {
            var queue = SettingNames.Resolve(name, options.Configuration);
            return (queue, () => client.CreateReceiver(queue, receiving));
        }

        var topic = SettingNames.Resolve(trigger.TopicName!, options.Configuration);
        var subscription = SettingNames.Resolve(trigger.SubscriptionName!, options.Configuration);
        return ($"{topic}/{subscription}", () => client.CreateReceiver(topic, subscription, receiving));
    }
}
