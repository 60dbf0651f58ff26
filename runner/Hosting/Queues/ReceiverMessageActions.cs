using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Settles messages through their receiver, and remembers which the function has settled itself.</summary>
internal sealed class ReceiverMessageActions(ServiceBusReceiver receiver) : ServiceBusMessageActions
{
    private readonly ConcurrentDictionary<string, bool> _settled = new();

    public bool IsSettled(ServiceBusReceivedMessage message) => _settled.ContainsKey(message.LockToken);

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Settle(message, receiver.CompleteMessageAsync(message, cancellationToken));

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        Settle(message, receiver.AbandonMessageAsync(message, propertiesToModify, cancellationToken));

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
        string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
        Settle(message, propertiesToModify is null
            ? receiver.DeadLetterMessageAsync(message, deadLetterReason, deadLetterErrorDescription, cancellationToken)
            : receiver.DeadLetterMessageAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken));

    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        Settle(message, receiver.DeferMessageAsync(message, propertiesToModify, cancellationToken));

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        receiver.RenewMessageLockAsync(message, cancellationToken);

    private async Task Settle(ServiceBusReceivedMessage message, Task settlement)
    {
        await settlement;
        _settled[message.LockToken] = true;
    }
}
