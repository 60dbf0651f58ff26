using Freeway.Runner.Broker.Journaling;

namespace Freeway.Runner.Broker.Queues;

/// <summary>A message that the queue holds. Only <see cref="QueueState"/> changes it.</summary>
internal sealed class StoredMessage
{
    public required long Sequence { get; init; }

    public required DateTimeOffset EnqueuedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? MessageId { get; init; }

    public required ReadOnlyMemory<byte> Content { get; set; }

    /// <summary>Deliveries begun and not taken back, the present one included.</summary>
    public int Deliveries { get; set; }

    public Lane Lane { get; set; }

    public MessageStatus Status { get; set; }

    /// <summary>Where it goes when its lock ends: back to the deferred ones, or to the ready ones.</summary>
    public bool SetAside { get; set; }

    public Guid LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>Its place among the locked messages of its queue.</summary>
    public LinkedListNode<StoredMessage>? LockedPlace { get; set; }

    public bool IsExpired(DateTimeOffset now) => Lane == Lane.Main && ExpiresAt <= now;

    public MessageView View(int earlierDeliveries) => new(
        Content, Sequence, EnqueuedAt, Lane, SetAside, LockToken, LockedUntil, earlierDeliveries);

    public JournalRecord ToRecord() => new(JournalRecordKind.Stored, Sequence)
    {
        At = EnqueuedAt,
        ExpiresAt = ExpiresAt,
        MessageId = MessageId,
        Content = Content,
        Deliveries = Deliveries,
        Lane = Lane,
        SetAside = SetAside,
    };
}
