namespace Freeway.Gateway.Keys;

/// <summary>A limit of one key's own, in the words in which it was given; see the catalogue's limits for what they may be.</summary>
/// <param name="Name">Unique among the key's limits: lower-case letters, digits and dashes.</param>
/// <param name="Unit">E.g. <c>requests</c>, <c>tokens</c>, <c>usd</c>.</param>
/// <param name="Amount">In the unit as it is written.</param>
/// <param name="Window">E.g. <c>day</c>; null for requests under way at the same time.</param>
/// <param name="Scope"><c>key</c>, or <c>key_model</c> for the amount on each model.</param>
public sealed record KeyLimit(string Name, string Unit, decimal Amount, string? Window, string Scope)
{
    /// <summary>The models that it counts for, as patterns of ids; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }
}
