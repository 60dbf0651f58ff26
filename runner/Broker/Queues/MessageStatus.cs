namespace Freeway.Runner.Broker.Queues;

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
