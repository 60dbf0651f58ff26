namespace Freeway.Runner.Broker.Queues;

internal enum SettlementKind
{
    Complete,
    Abandon,
    DeadLetter,
    Defer,

    /// <summary>Handed back unseen: it does not count as a delivery.</summary>
    Release,
}
