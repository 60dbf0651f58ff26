using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>What an upstream's answer says of one of its limits.</summary>
/// <param name="Window">Null where it does not say which of its limits it means.</param>
/// <param name="Limit">The amount that it names; null where it does not.</param>
/// <param name="Remaining">In the unit as it is counted.</param>
/// <param name="ResetsAt">Null where it does not say.</param>
public sealed record RateLimitObservation(LimitUnit Unit, LimitWindow? Window, long? Limit, long Remaining, DateTimeOffset? ResetsAt)
{
    /// <summary>
    /// True where it speaks of this limit: by its window, else by its amount, else by when it is reset. What could be
    /// of another window corrects nothing: a minute's rest is no day's.
    /// </summary>
    public bool IsOf(Limit limit, DateTimeOffset now) => limit.Unit == Unit && (Window, Limit, ResetsAt) switch
    {
        ({ } window, _, _) => window == limit.Window,
        (null, { } amount, _) => amount == limit.Amount,
        (null, null, { } end) => WindowOf(end - now) == limit.Window,
        _ => false,
    };

    private static LimitWindow WindowOf(TimeSpan rest) =>
        rest <= TimeSpan.FromMinutes(1) ? LimitWindow.Minute
        : rest <= TimeSpan.FromHours(1) ? LimitWindow.Hour
        : rest <= TimeSpan.FromDays(1) ? LimitWindow.Day
        : LimitWindow.Month;
}
