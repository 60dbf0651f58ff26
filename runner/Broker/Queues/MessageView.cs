namespace Freeway.Runner.Broker.Queues;

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
