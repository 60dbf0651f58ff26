namespace Freeway.Runner.Broker.Queues;

/// <summary>A receiver that is fed from a lane.</summary>
internal interface IFeed
{
    /// <summary>Whether it wants a message now.</summary>
    bool HasCredit { get; }

    /// <summary>False when it no longer wanted the message: then nobody has seen it.</summary>
    bool TrySend(in MessageView delivery);
}
