using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Calls one queue function with what was received, and settles what it leaves to the host.</summary>
internal sealed class QueueFunction(
    FoundFunction function, ServiceBusTriggerAttribute trigger, WorkerPipeline pipeline, bool autoComplete,
    IServiceScopeFactory scopes, TimeProvider time, Drain drain, ILogger logger)
{
    private readonly FunctionInvoker<QueueInvocation> _invoker = new(function, QueueParameters.Rule(function, trigger.IsBatched), pipeline);

    public string Name => function.Name;

    public bool IsBatched => trigger.IsBatched;

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
        await using (var scope = scopes.CreateAsyncScope())
        {
            var context = new RunnerFunctionContext(_invoker.Function, id, scope.ServiceProvider, drain.Over);
            try
            {
                await _invoker.InvokeAsync(new QueueInvocation(messages, actions, context));
                succeeded = true;
            }
            catch (Exception e)
            {
                HostLog.FunctionFailed(logger, e, Name, id);
                succeeded = false;
            }
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

/// <summary>The messages of one call: one, or a batch.</summary>
internal readonly record struct QueueInvocation(
    IReadOnlyList<ServiceBusReceivedMessage> Messages, ServiceBusMessageActions Actions, FunctionContext Context) : IInvocation;

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
