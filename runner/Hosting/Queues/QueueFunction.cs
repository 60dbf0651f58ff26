using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Calls one queue function with what was received, and settles what it leaves to the host.</summary>
internal sealed class QueueFunction(
    string name, bool isBatched, bool autoComplete, QueueCall call, TimeProvider time, Drain drain, ILogger logger)
{
    public string Name => name;

    public bool IsBatched => isBatched;

    public ILogger Logger => logger;

    /// <summary>
    /// Calls the function with received messages and settles them. A failure is logged and not thrown, and its messages
    /// come again.
    /// </summary>
    public async Task HandleAsync(ServiceBusReceiver receiver, IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        var actions = new ReceiverMessageActions(receiver);
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        bool succeeded;
        try
        {
            using var giveUp = drain.Begin();
            await call(id, messages, actions, giveUp.Token);
            succeeded = true;
        }
        catch (Exception e)
        {
            HostLog.FunctionFailed(logger, e, Name, id);
            succeeded = false;
        }

        // Without auto-complete the function answers for its messages: what it leaves waits for the end of its lock.
        if (autoComplete)
        {
            await Task.WhenAll(messages.Where(message => !actions.IsSettled(message)).Select(message => SettleAsync(actions, message, succeeded)));
        }
    }

    private async Task SettleAsync(ReceiverMessageActions actions, ServiceBusReceivedMessage message, bool succeeded)
    {
        try
        {
            await (succeeded
                ? actions.CompleteMessageAsync(message, CancellationToken.None)
                : actions.AbandonMessageAsync(message, null, CancellationToken.None));
        }
        catch (Exception e)
        {
            HostLog.NotSettled(logger, Name, e.Message);
        }
    }
}

/// <summary>Calls a queue function with the messages of one call, and throws what it throws.</summary>
/// <param name="id">The id of this one call.</param>
/// <param name="messages">One, or a batch.</param>
/// <param name="cancellation">Fires when the function should give up.</param>
internal delegate Task QueueCall(
    string id, IReadOnlyList<ServiceBusReceivedMessage> messages, ReceiverMessageActions actions,
    CancellationToken cancellation);

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
