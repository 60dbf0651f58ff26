using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// Orders upstreams with free quotas so that least is wasted. What is not used by its reset is lost, so the quota that
/// has to be begun soonest goes first: its reset, less the time that its own shorter limits would take to spend the
/// rest.
/// <code>
///   now ─────────────────┬──────────────────────────► reset
///                        └─ latest start ──  time to spend the rest at the pace of the slowest limit
/// </code>
/// A quota that never comes again, and one that has no end, is kept for last.
/// </summary>
public static class PoolOrder
{
    /// <summary>
    /// Orders members: those with something left before those without, each by latest start. Of equals the one with the
    /// larger share left goes first, then the one that came first.
    /// </summary>
    /// <param name="status">All limits of a member; empty for one without.</param>
    public static IReadOnlyList<T> Of<T>(
        IReadOnlyList<T> members, Func<T, IReadOnlyList<QuotaLeaseStatus>> status, DateTimeOffset now) =>
        [.. members.Select(member => (Member: member, Limits: status(member)))
            .OrderBy(pair => pair.Limits.Any(limit => limit.Remaining < 1))
            .ThenBy(pair => LatestStart(pair.Limits, now) ?? DateTimeOffset.MaxValue)
            .ThenByDescending(pair => ShareLeft(pair.Limits))
            .Select(pair => pair.Member)];

    /// <summary>
    /// Computes the latest moment at which an upstream's quota has to be begun to be used up before its reset; null for
    /// a quota that does not end.
    /// </summary>
    public static DateTimeOffset? LatestStart(IReadOnlyList<QuotaLeaseStatus> limits, DateTimeOffset now)
    {
        // The stock is what lasts longest; shorter limits of its unit only say how fast it can be spent.
        var stock = limits.Where(limit => limit.Limit.Unit is not LimitUnit.ConcurrentRequests)
            .MaxBy(limit => limit.ResetsAt ?? DateTimeOffset.MaxValue);
        if (stock?.ResetsAt is not { } end)
        {
            return null;
        }

        var shorter = limits.Where(limit => limit != stock && limit.Limit.Unit == stock.Limit.Unit);
        var paces = shorter.Where(limit => limit.Limit.Amount > 0);
        var slowest = paces.Select(limit => Length(limit.Limit.Window) / limit.Limit.Amount).DefaultIfEmpty().Max();
        var needed = slowest.Ticks * (double)stock.Remaining;
        var most = (end - now).Ticks;
        return end - TimeSpan.FromTicks((long)Math.Clamp(needed, 0, Math.Max(0, most)));
    }

    private static double ShareLeft(IReadOnlyList<QuotaLeaseStatus> limits)
    {
        var bounded = limits.Where(limit => limit.Limit.Amount > 0);
        return bounded.Select(limit => (double)limit.Remaining / limit.Limit.Amount).DefaultIfEmpty(1).Min();
    }

    private static TimeSpan Length(LimitWindow window) => window switch
    {
        LimitWindow.Minute => TimeSpan.FromMinutes(1),
        LimitWindow.Hour => TimeSpan.FromHours(1),
        LimitWindow.Day => TimeSpan.FromDays(1),
        LimitWindow.Week => TimeSpan.FromDays(7),
        LimitWindow.Month or LimitWindow.Rolling30Days => TimeSpan.FromDays(30),
        LimitWindow.Lifetime or LimitWindow.None => TimeSpan.Zero,
    };
}
