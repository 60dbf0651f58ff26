using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// In which order free allowances are spent so that least of them is wasted. What is not used by its reset is lost, so
/// the one that has to be begun soonest goes first: its reset, less the time that its own shorter limits would take to
/// spend the rest. What never comes again, and what has no end, is kept for last.
/// </summary>
public static class PoolOrder
{
    /// <param name="standing">All limits of a member; empty for one without.</param>
    /// <returns>The same members: those with something left, then those without, each in this order; of equals the one
    ///     with the larger share left, then as they came.</returns>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> members, Func<T, IReadOnlyList<QuotaLeaseStatus>> standing, DateTimeOffset now) =>
        [.. members.Select(member => (Member: member, Standing: standing(member)))
            .OrderBy(pair => pair.Standing.Any(limit => limit.Remaining < 1))
            .ThenBy(pair => LatestStart(pair.Standing, now) ?? DateTimeOffset.MaxValue)
            .ThenByDescending(pair => Share(pair.Standing))
            .Select(pair => pair.Member)];

    /// <summary>When the rest has to be begun at the latest to be used up; null for what does not end.</summary>
    public static DateTimeOffset? LatestStart(IReadOnlyList<QuotaLeaseStatus> limits, DateTimeOffset now)
    {
        // The stock is what lasts longest; shorter limits of its unit only say how fast it can be spent.
        var stock = limits.Where(limit => limit.Limit.Unit is not LimitUnit.ConcurrentRequests)
            .MaxBy(limit => limit.ResetsAt ?? DateTimeOffset.MaxValue);
        if (stock?.ResetsAt is not { } end)
        {
            return null;
        }

        var slowest = limits.Where(limit => limit.Limit.Unit == stock.Limit.Unit && limit != stock && limit.Limit.Amount > 0)
            .Select(limit => Length(limit.Limit.Window) / limit.Limit.Amount).DefaultIfEmpty(TimeSpan.Zero).Max();
        var needed = slowest.Ticks * (double)stock.Remaining;
        var most = (end - now).Ticks;
        return end - TimeSpan.FromTicks((long)Math.Clamp(needed, 0, Math.Max(0, most)));
    }

    private static double Share(IReadOnlyList<QuotaLeaseStatus> limits) =>
        limits.Where(limit => limit.Limit.Amount > 0).Select(limit => (double)limit.Remaining / limit.Limit.Amount).DefaultIfEmpty(1).Min();

    private static TimeSpan Length(LimitWindow window) => window switch
    {
        LimitWindow.Minute => TimeSpan.FromMinutes(1),
        LimitWindow.Hour => TimeSpan.FromHours(1),
        LimitWindow.Day => TimeSpan.FromDays(1),
        LimitWindow.Month or LimitWindow.Rolling30Days => TimeSpan.FromDays(30),
        LimitWindow.Lifetime or LimitWindow.None => TimeSpan.Zero,
    };
}
