using Freeway.Runner.Broker.Queues;

namespace Freeway.Runner.Broker.Journaling;

/// <summary>One change of a queue, as it is written down. Which fields count depends on the kind.</summary>
internal readonly record struct JournalRecord(JournalRecordKind Kind, long Sequence)
{
    public DateTimeOffset At { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? MessageId { get; init; }

    public ReadOnlyMemory<byte> Content { get; init; }

    public int Deliveries { get; init; }

    public Lane Lane { get; init; }

    public bool SetAside { get; init; }
}
