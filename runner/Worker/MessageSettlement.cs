using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Queues;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Freeway.Runner.Worker;

/// <summary>The messages that functions in the worker have under way, by their lock tokens.</summary>
internal sealed class MessageSettlement
{
    private readonly ConcurrentDictionary<string, HeldMessage> _held = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lets the worker settle messages until the result is disposed.</summary>
    public IDisposable Hold(IReadOnlyList<ServiceBusReceivedMessage> messages, ReceiverMessageActions actions)
    {
        foreach (var message in messages)
        {
            _held[message.LockToken] = new HeldMessage(message, actions);
        }

        return new Holding(_held, messages);
    }

    /// <exception cref="RpcException">No function has this message under way.</exception>
    public HeldMessage Find(string lockToken) => _held.TryGetValue(lockToken, out var message)
        ? message
        : throw new RpcException(new Status(StatusCode.FailedPrecondition, "No such message is under way."));

    private sealed class Holding(
        ConcurrentDictionary<string, HeldMessage> held, IReadOnlyList<ServiceBusReceivedMessage> messages) : IDisposable
    {
        public void Dispose()
        {
            foreach (var message in messages)
            {
                held.TryRemove(message.LockToken, out _);
            }
        }
    }
}

/// <summary>A message, and what settles it.</summary>
internal sealed record HeldMessage(ServiceBusReceivedMessage Message, ReceiverMessageActions Actions);

/// <summary>Settles messages for functions in the worker, with the receiver that received them.</summary>
internal sealed class SettlementService(MessageSettlement settlement) : Settlement.SettlementBase
{
    public override Task<Empty> Complete(CompleteRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, held =>
            held.Actions.CompleteMessageAsync(held.Message, context.CancellationToken));

    public override Task<Empty> Abandon(AbandonRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, held => held.Actions.AbandonMessageAsync(
            held.Message, Decode(request.PropertiesToModify), context.CancellationToken));

    public override Task<Empty> Deadletter(DeadletterRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, held => held.Actions.DeadLetterMessageAsync(
            held.Message, Decode(request.PropertiesToModify), request.DeadletterReason,
            request.DeadletterErrorDescription, context.CancellationToken));

    public override Task<Empty> Defer(DeferRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, held => held.Actions.DeferMessageAsync(
            held.Message, Decode(request.PropertiesToModify), context.CancellationToken));

    public override Task<Empty> RenewMessageLock(RenewMessageLockRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, held =>
            held.Actions.RenewMessageLockAsync(held.Message, context.CancellationToken));

    private async Task<Empty> SettleAsync(string lockToken, Func<HeldMessage, Task> settle)
    {
        try
        {
            await settle(settlement.Find(lockToken));
            return new Empty();
        }
        catch (ServiceBusException error)
        {
            throw new RpcException(new Status(StatusCode.Unknown, error.Message, error));
        }
    }

    /// <summary>Reads the properties that a settlement modifies; null where it modifies none.</summary>
    private static Dictionary<string, object>? Decode(ByteString bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var buffer = bytes.ToByteArray();
        using var reader = new ByteBuffer(buffer, 0, buffer.Length);
        return AmqpCodec.DecodeMap(reader).ToDictionary(entry => entry.Key.ToString(), entry => entry.Value);
    }
}
