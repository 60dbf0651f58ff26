namespace Freeway.Gateway.Catalogue;

/// <summary>What an org must be; what is left out is not asked.</summary>
public sealed record ConditionEntry(
    bool? Premium = null, bool? PhoneVerified = null, bool? NeverPaid = null, decimal? PurchasedAtLeastUsd = null, string? UserTier = null);
