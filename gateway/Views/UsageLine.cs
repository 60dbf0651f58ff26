namespace Freeway.Gateway.Views;

/// <summary>What was used in one period, by who bore it: free, gifted and paid are never added together, but for the count of requests.</summary>
/// <param name="Period">A day, <c>2026-11-21</c>, or a month, <c>2026-11</c>.</param>
/// <param name="Model">Only where lines are grouped by it; the same holds for <paramref name="Key"/> and <paramref name="Tier"/>.</param>
/// <param name="Refused">Null where lines are divided by key or by tier: refusals are not.</param>
public sealed record UsageLine(
    string Period, string? Model, string? Key, string? Tier, long Requests, FreeUsage Free, GiftedUsage Gifted, PaidUsage Paid, RefusedUsage? Refused);
