namespace Freeway.Gateway.Policies;

/// <summary>The billing rules of a plan, in nano-dollars.</summary>
/// <param name="Least">The smallest top-up that is taken.</param>
/// <param name="PremiumFrom">A single top-up of this makes the org premium; null where the plan knows no premium.</param>
public sealed record PurchaseRules(long Least, long? PremiumFrom);
