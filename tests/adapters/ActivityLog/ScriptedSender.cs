using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Freeway.Adapters.Tests.ActivityLog;

/// <summary>A sender that keeps what it is given, in batches of at most so many messages.</summary>
internal sealed class ScriptedSender(int mostPerBatch = 100, int mostBytes = 1000) : ServiceBusSender
{
    private readonly ConcurrentDictionary<ServiceBusMessageBatch, List<ServiceBusMessage>> _open = [];

    public ConcurrentQueue<string[]> Sent { get; } = [];

    /// <summary>What the messages carry beside their records, by message id.</summary>
    public ConcurrentDictionary<string, IDictionary<string, object>> Properties { get; } = [];

    /// <summary>The messages' bodies by message id.</summary>
    public ConcurrentDictionary<string, ReadOnlyMemory<byte>> Bodies { get; } = [];

    /// <summary>Runs within each send, before it ends.</summary>
    public Func<CancellationToken, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before each batch is made, which is when links are opened.</summary>
    public Func<CancellationToken, Task> Opening { get; set; } = _ => Task.CompletedTask;

    public override async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
    {
        await Opening(cancellationToken);
        var messages = new List<ServiceBusMessage>();
        var batch = ServiceBusModelFactory.ServiceBusMessageBatch(
            mostBytes, messages, tryAddCallback: message => messages.Count < mostPerBatch && message.Body.ToMemory().Length <= mostBytes);
        _open[batch] = messages;
        return batch;
    }

    public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        _open[messageBatch].ForEach(message => Properties[message.MessageId] = message.ApplicationProperties);
        _open[messageBatch].ForEach(message => Bodies[message.MessageId] = message.Body.ToMemory());
        var ids = _open[messageBatch].Select(message => message.MessageId).ToArray();
        await Sending(cancellationToken);
        Sent.Enqueue(ids);
    }
}
