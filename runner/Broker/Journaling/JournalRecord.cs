using Freeway.Runner.Broker.Messages;

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

    /// <summary>Records a message as it stands, for one that is taken in and for one that a rewrite keeps.</summary>
    public static JournalRecord Of(StoredMessage message) => new(JournalRecordKind.Stored, message.Sequence)
    {
        At = message.EnqueuedAt,
        ExpiresAt = message.ExpiresAt,
        MessageId = message.MessageId,
        Content = message.Content,
        Deliveries = message.Deliveries,
        Lane = message.Lane,
        SetAside = message.SetAside,
    };

    /// <summary>Makes the message of which <see cref="Of"/> has made this record.</summary>
    public StoredMessage ToMessage() => new()
    {
        Sequence = Sequence,
        EnqueuedAt = At,
        ExpiresAt = ExpiresAt,
        MessageId = MessageId,
        Content = Content,
        Deliveries = Deliveries,
        Lane = Lane,
        SetAside = SetAside,
    };
}

/// <summary>The numbers are on disk: never reuse one.</summary>
internal enum JournalRecordKind : byte
{
    /// <summary>A message was accepted; in a rewritten journal: a message that is still held.</summary>
    Stored = 1,

    /// <summary>A delivery began. A lock that ends without more needs no record.</summary>
    Delivered = 2,

    /// <summary>The delivery is taken back: nobody saw it.</summary>
    Released = 3,

    Removed = 4,

    /// <summary>A receiver changed its properties.</summary>
    Changed = 5,

    DeadLettered = 6,
    Deferred = 7,

    /// <summary>A MessageId whose message is gone, but which duplicates must not repeat.</summary>
    Seen = 8,

    /// <summary>Sequence numbers go on from here.</summary>
    Sequence = 9,
}
