namespace Freeway.Runner.Broker.Queues;

/// <summary>What a receiver decided about a message it had locked.</summary>
/// <param name="Changes">Application properties to set, where the decision carries any.</param>
internal readonly record struct Settlement(
    SettlementKind Kind,
    IReadOnlyDictionary<string, object?>? Changes = null);
