using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>
/// A condition that an organisation must meet for a plan, a limit or an amount to hold; a null asks nothing.
/// </summary>
public sealed record Condition
{
    public bool? Premium { get; init; }

    public bool? PhoneVerified { get; init; }

    /// <summary>
    /// Gets whether the organisation must have bought nothing yet (true) or something (false); null where it does not
    /// matter.
    /// </summary>
    public bool? NeverPaid { get; init; }

    /// <summary>The least that it must have bought over all its time, in nano-dollars.</summary>
    public long? PurchasedAtLeastNanos { get; init; }

    public string? UserTier { get; init; }

    public bool Holds(Org org) =>
        (Premium is null || Premium == org.Premium)
        && (PhoneVerified is null || PhoneVerified == org.PhoneVerified)
        && (NeverPaid is null || NeverPaid == (org.PurchasedNanos is 0))
        && (PurchasedAtLeastNanos is null || org.PurchasedNanos >= PurchasedAtLeastNanos)
        && (UserTier is null || UserTier == org.UserTier);
}
