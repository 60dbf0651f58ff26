using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>Holds what an upstream's answer says of one of its limits, as far as it can correct our count.</summary>
/// <param name="Window">Null where the answer does not say which of its limits it means.</param>
/// <param name="Limit">The limit's amount; null where the answer does not name it.</param>
/// <param name="Remaining">What is left, in the unit as the ledger counts it.</param>
/// <param name="ResetsAt">Null where the answer does not say it.</param>
public sealed record RateLimitObservation(
    LimitUnit Unit, LimitWindow? Window, long? Limit, long Remaining, DateTimeOffset? ResetsAt)
{
    /// <summary>
    /// Makes what a key's report says of an upstream's limits count like the rate-limit headers of an answer.
    /// </summary>
    /// <returns>Empty where the report does not say what is left.</returns>
    public static IReadOnlyList<RateLimitObservation> Of(KeyReport report) =>
        report.FreeRequests is { Remaining: { } left } free
            ? [new RateLimitObservation(LimitUnit.Requests, LimitWindow.Day, free.Limit, Math.Max(0, left), null)]
            : [];

    /// <summary>
    /// Tells whether the answer speaks of this limit: by its window, else by its amount, else by when it is reset. A
    /// number that could be of another window corrects nothing, since what is left of a minute is not what is left of a
    /// day.
    /// </summary>
    public bool IsOf(Limit limit, DateTimeOffset now) => limit.Unit == Unit && (Window, Limit, ResetsAt) switch
    {
        ({ } window, _, _) => window == limit.Window,
        (null, { } amount, _) => amount == limit.Amount,
        (null, null, { } end) => WindowOf(end - now) == limit.Window,
        _ => false,
    };

    private static LimitWindow WindowOf(TimeSpan left) =>
        left <= TimeSpan.FromMinutes(1) ? LimitWindow.Minute
        : left <= TimeSpan.FromHours(1) ? LimitWindow.Hour
        : left <= TimeSpan.FromDays(1) ? LimitWindow.Day
        : LimitWindow.Month;
}
