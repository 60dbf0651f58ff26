namespace Freeway.Runner.Broker.Queues;

internal enum SettlementResult
{
    Done,
    LockLost,

    /// <summary>A dead letter cannot be dead-lettered again.</summary>
    NotAllowed,
}
