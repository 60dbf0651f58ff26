using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>What an upstream's answer says of one of its limits.</summary>
/// <param name="Limit">The amount that it names; null where it does not.</param>
/// <param name="Remaining">In the unit as it is counted.</param>
/// <param name="ResetsAt">Null where it does not say.</param>
public sealed record AllowanceSighting(LimitUnit Unit, long? Limit, long Remaining, DateTimeOffset? ResetsAt)
{
    /// <summary>
    /// True where it speaks of this limit: its amount is the same, or it is reset when windows of this length are. What could
    /// be of another window corrects nothing: a minute's rest is no day's.
    /// </summary>
    public bool IsOf(Limit limit, DateTimeOffset now) =>
        limit.Unit == Unit && (Limit is { } amount && amount == limit.Amount || Limit is null && ResetsAt is { } end && WindowOf(end - now) == limit.Window);

    private static LimitWindow WindowOf(TimeSpan rest) =>
        rest <= TimeSpan.FromMinutes(1) ? LimitWindow.Minute
        : rest <= TimeSpan.FromHours(1) ? LimitWindow.Hour
        : rest <= TimeSpan.FromDays(1) ? LimitWindow.Day
        : LimitWindow.Month;
}
