using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>What a request took and what it leaves, for callers who ask for it with their answer.</summary>
/// <param name="Limits">Where the caller stands after the settlement, in the order of the quote's terms.</param>
/// <param name="CostNanos">What is charged, in nano-dollars.</param>
public sealed record UsageReport(string Tier, Quote Quote, IReadOnlyList<QuotaState> Limits, long GiftedTokens, long BilledTokens, long CostNanos)
{
    /// <summary>What was asked for: where the caller stands, or which way the request went, or both.</summary>
    public required RequestOptions Options { get; init; }

    /// <summary>The upstreams that were tried.</summary>
    public IReadOnlyList<RouteAttempt> Attempts { get; init; } = [];
}
