namespace Freeway.Runner.Broker.Queues;

/// <summary>Represents a receiver's decision about a message that it had locked.</summary>
/// <param name="Changes">Application properties to set, where the decision carries any.</param>
internal readonly record struct Settlement(
    SettlementKind Kind,
    IReadOnlyDictionary<string, object?>? Changes = null);

internal enum SettlementKind
{
    Complete,
    Abandon,
    DeadLetter,
    Defer,

    /// <summary>Handed back unseen: it does not count as a delivery.</summary>
    Release,
}

internal enum SettlementResult
{
    Done,
    LockLost,

    /// <summary>A dead letter cannot be dead-lettered again.</summary>
    NotAllowed,
}
