namespace Freeway.Runner.Broker;

/// <summary>How many messages a queue holds, by what may happen to them next.</summary>
/// <param name="Active">Ready to be received, or received and locked.</param>
/// <param name="Locked">Those of <paramref name="Active"/> that a receiver owns just now.</param>
public sealed record QueueDepth(int Active, int Locked, int Deferred, int DeadLettered);
