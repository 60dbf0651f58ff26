using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>What an org must be for a plan, a limit or an amount to hold; what is null is not asked.</summary>
public sealed record Condition
{
    public bool? Premium { get; init; }

    public bool? PhoneVerified { get; init; }

    /// <summary>True: it has bought nothing yet.</summary>
    public bool? NeverPaid { get; init; }

    /// <summary>In nano-dollars, over all its purchases.</summary>
    public long? PurchasedAtLeastNanos { get; init; }

    public string? UserTier { get; init; }

    public bool Holds(Org org) =>
        (Premium is null || Premium == org.Premium)
        && (PhoneVerified is null || PhoneVerified == org.PhoneVerified)
        && (NeverPaid is null || NeverPaid == (org.PurchasedNanos is 0))
        && (PurchasedAtLeastNanos is null || org.PurchasedNanos >= PurchasedAtLeastNanos)
        && (UserTier is null || UserTier == org.UserTier);
}
