using Microsoft.Azure.Amqp.Encoding;

namespace Freeway.Runner.Broker.Wire;

/// <summary>Names under which Service Bus clients look for what the broker knows of a message.</summary>
internal static class Annotations
{
    public const int ActiveState = 0;
    public const int DeferredState = 1;
    public static readonly AmqpSymbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly AmqpSymbol SequenceNumber = "x-opt-sequence-number";
    public static readonly AmqpSymbol EnqueuedSequenceNumber = "x-opt-enqueue-sequence-number";
    public static readonly AmqpSymbol LockedUntil = "x-opt-locked-until";
    public static readonly AmqpSymbol State = "x-opt-message-state";
    public static readonly AmqpSymbol DeadLetterSource = "x-opt-deadletter-source";
    public static readonly AmqpSymbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
}
