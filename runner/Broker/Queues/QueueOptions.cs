namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// One queue of the embedded broker. The defaults are those of a Service Bus queue as Freeway deploys it.
/// </summary>
/// <param name="Name">Compared without case, as Service Bus does.</param>
public sealed record QueueOptions(string Name)
{
    /// <summary>Gets the time for which a receiver owns a message that it has peek-locked.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deliveries after which a message that is still not completed is dead-lettered.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Gets the time for which a MessageId is remembered; null accepts every message.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest life of a message in the queue; null keeps it until it is received.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Gets whether a message that outlives its time to live is dead-lettered, rather than dropped.</summary>
    public bool DeadLetterOnExpiry { get; init; } = true;

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Contains('$'))
        {
            yield return $"'{Name}' is no name for a queue.";
        }

        if (LockDuration <= TimeSpan.Zero)
        {
            yield return $"The lock duration of the queue {Name} must be positive.";
        }

        if (MaxDeliveryCount < 1)
        {
            yield return $"The maximum delivery count of the queue {Name} must be at least 1.";
        }

        if (DuplicateDetectionWindow <= TimeSpan.Zero)
        {
            yield return $"The duplicate detection window of the queue {Name} must be positive, or null.";
        }

        if (DefaultTimeToLive <= TimeSpan.Zero)
        {
            yield return $"The default time to live of the queue {Name} must be positive, or null.";
        }
    }
}

/// <summary>Counts the messages of a queue by what may happen to them next.</summary>
/// <param name="Active">Ready to be received, or received and locked.</param>
/// <param name="Locked">Those of <paramref name="Active"/> that a receiver owns just now.</param>
public sealed record QueueDepth(int Active, int Locked, int Deferred, int DeadLettered);
