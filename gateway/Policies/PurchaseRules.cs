using System.Globalization;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Policies;

/// <summary>The billing rules of a plan, in nano-dollars.</summary>
/// <param name="Least">The smallest top-up that is taken.</param>
/// <param name="PremiumFrom">A single top-up of this makes the org premium; null where the plan knows no premium.</param>
public sealed record PurchaseRules(long Least, long? PremiumFrom)
{
    /// <summary>Why a top-up is not taken; null where it is large enough.</summary>
    public Refusal? TooSmall(long nanos) => nanos >= Math.Max(1, Least)
        ? null
        : Refuse.InvalidField("usd", $"The least top-up is {LimitUnit.NanoDollars.Shown(Math.Max(1, Least)).ToString(CultureInfo.InvariantCulture)} USD.");
}
