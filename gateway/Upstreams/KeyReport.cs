namespace Freeway.Gateway.Upstreams;

/// <summary>What an upstream says of our key there, in USD; null is what it does not say. Its label is left out: it may show part of the key.</summary>
/// <param name="LimitUsd">What the key may spend; null also where it has no bound.</param>
/// <param name="IsFreeTier">Whether nothing was ever bought there.</param>
public sealed record KeyReport(decimal? LimitUsd, decimal? RemainingUsd, decimal? UsedUsd, decimal? UsedTodayUsd, decimal? UsedThisMonthUsd, bool? IsFreeTier);
