using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Catalogue;

/// <summary>Reads what an org must be.</summary>
internal sealed class ConditionReader(CatalogueErrors errors)
{
    /// <summary>Null where there is none.</summary>
    public Condition? Read(ConditionEntry? entry, string at)
    {
        if (entry is null)
        {
            return null;
        }

        errors.Check(entry != new ConditionEntry(), at, "must ask for something");
        errors.Check(entry.UserTier is null or { Length: > 0 }, $"{at}.user_tier", "must not be empty");
        return new Condition
        {
            Premium = entry.Premium,
            PhoneVerified = entry.PhoneVerified,
            NeverPaid = entry.NeverPaid,
            PurchasedAtLeastNanos = entry.PurchasedAtLeastUsd is { } usd ? errors.Nanos(usd, $"{at}.purchased_at_least_usd") : null,
            UserTier = entry.UserTier,
        };
    }
}
