namespace Freeway.Gateway.Catalogue;

/// <summary>The billing rules of a plan, in USD.</summary>
/// <param name="LeastUsd">The smallest top-up that is taken.</param>
/// <param name="PremiumFromUsd">A single top-up of this makes the org premium.</param>
public sealed record PurchasesEntry(decimal? LeastUsd = null, decimal? PremiumFromUsd = null);
