namespace Freeway.Runner.Broker.Messages;

/// <summary>A message that the queue holds. Only its queue changes it, under the queue's lock.</summary>
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

    /// <summary>
    /// Gets or sets whether the message is deferred, so that it goes back to the deferred ones when its lock ends.
    /// </summary>
    public bool SetAside { get; set; }

    public Guid LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>
    /// Gets or sets the message's place among the locked messages of its queue; null while it is not locked.
    /// </summary>
    public LinkedListNode<StoredMessage>? LockedPlace { get; set; }

    public bool IsExpired(DateTimeOffset now) => Lane == Lane.Main && ExpiresAt <= now;

    public MessageView View(int earlierDeliveries) => new(
        Content, Sequence, EnqueuedAt, Lane, SetAside, LockToken, LockedUntil, earlierDeliveries);
}

internal enum MessageStatus
{
    /// <summary>Taken in, but not yet safe in the journal: no receiver may see it.</summary>
    Pending,

    Ready,
    Locked,

    /// <summary>Set aside: received by its sequence number only.</summary>
    Deferred,

    Gone,
}

/// <summary>A queue has two lanes, received from apart: its messages, and those it gave up.</summary>
internal enum Lane : byte
{
    Main = 0,
    DeadLetter = 1,
}

/// <summary>A message as a receiver is given it, or shown it: as it stood when it was taken or looked at.</summary>
/// <param name="EarlierDeliveries">Those that failed before this one.</param>
internal readonly record struct MessageView(
    ReadOnlyMemory<byte> Content,
    long Sequence,
    DateTimeOffset EnqueuedAt,
    Lane Lane,
    bool SetAside,
    Guid LockToken,
    DateTimeOffset LockedUntil,
    int EarlierDeliveries);

/// <summary>A message as it arrives.</summary>
/// <param name="Content">All sections, encoded as the sender wrote them.</param>
internal sealed record IncomingMessage(ReadOnlyMemory<byte> Content, string? MessageId, TimeSpan? TimeToLive);
