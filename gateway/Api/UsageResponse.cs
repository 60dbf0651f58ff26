using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Api;

/// <summary>
/// Use by who bore it: free, gifted and paid are never added together, but for the count of requests.
/// </summary>
public sealed record UsageResponse(long Requests, FreeUsage Free, GiftedUsage Gifted, PaidUsage Paid)
{
    private const string FreeTier = "free";
    private const string GiftTier = "gift";

    public static UsageResponse Of(IReadOnlyCollection<DailyUsage> sums)
    {
        var free = sums.Where(sum => sum.Tier is FreeTier).ToList();
        var gift = sums.Where(sum => sum.Tier is GiftTier).ToList();
        var billed = sums.Where(sum => sum.Tier is not FreeTier).ToList();
        return new(
            sums.Sum(sum => sum.Requests),
            new FreeUsage(free.Sum(sum => sum.Requests), free.Sum(sum => sum.TotalTokens)),
            new GiftedUsage(gift.Sum(sum => sum.Requests), billed.Sum(sum => sum.GiftedTokens)),
            new PaidUsage(
                billed.Sum(sum => sum.Requests) - gift.Sum(sum => sum.Requests), billed.Sum(sum => sum.BilledTokens), Money.Format(billed.Sum(sum => sum.CostNanos))));
    }
}

/// <summary>
/// Sums up the use in one period by who bore it. Free, gifted and paid use are never added together, but for the count
/// of requests.
/// </summary>
/// <param name="Period">A day, <c>2026-11-21</c>, or a month, <c>2026-11</c>.</param>
/// <param name="Model">
/// Only where lines are grouped by it; the same holds for <paramref name="Key"/> and <paramref name="Tier"/>.
/// </param>
/// <param name="Refused">Null where lines are divided by key or by tier: refusals are not.</param>
public sealed record UsageLine(
    string Period, string? Model, string? Key, string? Tier, long Requests, FreeUsage Free, GiftedUsage Gifted, PaidUsage Paid, RefusedUsage? Refused)
{
    /// <summary>Input tokens that upstreams had in their caches, whoever bore them.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Output tokens that models thought with, whoever bore them.</summary>
    public long ReasoningTokens { get; init; }
}

public sealed record FreeUsage(long Requests, long TotalTokens);

/// <param name="Requests">Those that a gift covered at least in part.</param>
/// <param name="Tokens">What the gifts covered.</param>
public sealed record GiftedUsage(long Requests, long Tokens);

/// <param name="Requests">Those that no gift had a part in.</param>
/// <param name="Tokens">All that were billed, also those beyond a gift.</param>
public sealed record PaidUsage(long Requests, long Tokens, string CostUsd);

/// <summary>Counts the refusals beside the requests that were served.</summary>
/// <param name="Reasons">Most frequent first.</param>
public sealed record RefusedUsage(long Count, IReadOnlyList<RefusalReason> Reasons);

/// <param name="Code">The error's code.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
public sealed record RefusalReason(string Code, string? Limit, long Count);

/// <summary>Names the period, the model, the key and the tier that one line of usage sums up.</summary>
/// <param name="Start">The first day of its period.</param>
internal readonly record struct UsageGroup(DateOnly Start, string? Model, string? Key, string? Tier)
{
    /// <summary>The order of the lines of one period.</summary>
    public string Place => string.Join('\n', Model, Key, Tier);

    public static UsageGroup Of(DailyUsage sum, UsageQuery query) => new(
        StartOf(sum.Day, query), query.GroupModel ? sum.Model : null, query.GroupKey ? sum.Key : null, query.GroupTier ? sum.Tier : null);

    public static UsageGroup Of(RefusalKey refusal, UsageQuery query) => new(
        StartOf(DateOnly.FromDateTime(refusal.Minute.UtcDateTime), query), query.GroupModel ? refusal.Model : null, null, null);

    public UsageLine Line(IReadOnlyCollection<DailyUsage> sums, RefusedUsage? refused, UsagePeriod by)
    {
        var usage = UsageResponse.Of(sums);
        return new UsageLine(
            Start.ToString(by is UsagePeriod.Day ? "yyyy-MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture),
            Model, Key, Tier, usage.Requests, usage.Free, usage.Gifted, usage.Paid, refused)
        {
            CachedTokens = sums.Sum(sum => sum.CachedTokens),
            ReasoningTokens = sums.Sum(sum => sum.ReasoningTokens),
        };
    }

    private static DateOnly StartOf(DateOnly day, UsageQuery query) => query.By is UsagePeriod.Day ? day : day.AddDays(
        1 - day.Day);
}
