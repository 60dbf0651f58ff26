using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Functions.Http;

/// <summary>One limit as the rate-limit headers tell of it.</summary>
/// <param name="Limit">In the unit as callers see it: dollars, not nano-dollars.</param>
internal sealed record RateLimitLine(string Name, LimitUnit Unit, decimal Limit, decimal Remaining, LimitWindow Window, DateTimeOffset? ResetsAt)
{
    /// <summary>What part of the limit is left, 0 to 1.</summary>
    public decimal Share => Limit > 0 ? Remaining / Limit : 0;

    /// <summary>The window's length; null where it has none or never ends.</summary>
    public long? Seconds => Window switch
    {
        LimitWindow.Minute => 60,
        LimitWindow.Hour => 3_600,
        LimitWindow.Day => 86_400,
        LimitWindow.Month => (long)(ResetsAt!.Value - ResetsAt.Value.AddMonths(-1)).TotalSeconds,
        LimitWindow.Rolling30Days => 30 * 86_400,
        LimitWindow.Lifetime => null,
        LimitWindow.None => null,
    };

    /// <summary>To sort by: a lifetime is longest, a limit without a window shortest.</summary>
    public long Length => Seconds ?? (Window is LimitWindow.Lifetime ? long.MaxValue : 0);

    public static RateLimitLine Of(QuotaState state)
    {
        var limit = state.Bound.Limit;
        return new(state.Bound.Source, limit.Unit, limit.Unit.Shown(state.Amount), limit.Unit.Shown(state.Remaining), limit.Window, state.Window.ResetsAt);
    }

    public static RateLimitLine Of(SpentLimit spent) => new(
        spent.Source,
        WireNames.Of<LimitUnit>().Find(spent.Unit)!.Value,
        spent.Amount,
        Math.Max(0, spent.Amount - spent.Used),
        WireNames.Of<LimitWindow>().Find(spent.Window)!.Value,
        spent.ResetsAt);
}
