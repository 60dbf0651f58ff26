namespace Freeway.Gateway.Policies;

/// <summary>An amount of a unit per window for a scope, e.g. 10 requests per day per org and model.</summary>
/// <param name="Name">Unique within its plan; lower-case letters, digits and dashes.</param>
/// <param name="Amount">At least 0, in <paramref name="Unit"/>.</param>
public sealed record Limit(string Name, LimitUnit Unit, long Amount, LimitWindow Window, LimitScope Scope)
{
    /// <summary>True where the amount is what was bought, which the ledger's own row says.</summary>
    public bool IsPurchased { get; init; }
}
