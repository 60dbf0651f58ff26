using System.Globalization;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Ledger;

/// <summary>Puts a spent limit into words. Clients match on them: only windows longer than a minute say "quota".</summary>
public static class QuotaRefusal
{
    /// <summary>The refusal for the spent limit that binds longest.</summary>
    public static Refusal Of(IReadOnlyList<QuotaState> spent, DateTimeOffset now)
    {
        var state = spent.MaxBy(candidate => candidate.Window.ResetsAt ?? DateTimeOffset.MaxValue)!;
        var limit = state.Bound.Limit;
        var perMinute = limit.Window is LimitWindow.Minute;
        return new Refusal(perMinute ? RefusalCode.RateLimitExceeded : RefusalCode.FreeQuotaExceeded, Words(state))
        {
            RetryAfter = state.Window.ResetsAt - now,
            Limit = new SpentLimit(
                state.Bound.Source, limit.Unit.Shown(state.Amount), limit.Unit.Shown(state.Used + state.Reserved), limit.Unit.Name(), Name(limit.Window), state.Window.ResetsAt),
        };
    }

    public static string Name(LimitWindow window) => window switch
    {
        LimitWindow.Minute => "minute",
        LimitWindow.Hour => "hour",
        LimitWindow.Day => "day",
        LimitWindow.Month => "month",
        LimitWindow.Rolling30Days => "rolling-30-days",
        LimitWindow.Lifetime => "lifetime",
        LimitWindow.None => "none",
    };

    private static string Words(QuotaState state) => (state.Bound.Limit.Window, state.Bound.Limit.Unit, state.Bound.Limit.Scope) switch
    {
        (LimitWindow.Minute, _, _) =>
            $"Too many {state.Bound.Limit.Unit.Name()} in this minute: {state.Bound.Limit.Amount} are allowed. Wait for the next minute.",
        (LimitWindow.Day, LimitUnit.Requests, LimitScope.OrgModel) =>
            "Your organisation has reached the daily free request limit for this model."
            + $" The quota of {state.Bound.Limit.Amount} is whole again at {Time(state)}; drop the :free suffix to pay for this request.",
        _ => $"Your organisation's free quota of {state.Bound.Limit.Amount} {state.Bound.Limit.Unit.Name()} per {Name(state.Bound.Limit.Window)} is used up."
            + (state.Window.ResetsAt is null ? " It does not come back." : $" It is whole again at {Time(state)}."),
    };

    private static string Time(QuotaState state) =>
        state.Window.ResetsAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
