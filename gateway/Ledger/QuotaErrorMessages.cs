using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Writes the messages of refusals by limits. Clients match on their words: only windows longer than a minute say
/// "quota", and neither they nor a limit on requests at once speak of billing.
/// </summary>
internal static class QuotaErrorMessages
{
    public static string Of(QuotaShortage shortage) => shortage.State.Bound switch
    {
        { Source: Account.Source } => Credit(shortage),
        { Source: Account.OrgCeilingSource or Account.KeyCeilingSource } => Ceiling(shortage),
        { Source: EndUserRows.Source } => NewEndUser(shortage.State),
        { Limit.Unit: LimitUnit.ConcurrentRequests } => Concurrency(shortage.State),
        { Limit.Window: LimitWindow.Minute } => Minute(shortage),
        _ => Quota(shortage),
    };

    private static string Credit(QuotaShortage shortage)
    {
        var (needed, left) = (Shown(shortage, shortage.Needed), Shown(shortage, shortage.State.Remaining));
        var message = $"This request could cost {needed} USD and the account has {left} USD left. Top it up";
        return shortage.Gift switch
        {
            { Remaining: > 0 } gift when shortage.IsLeast =>
                $"{message}; or, as the gift has {Amount(gift, gift.Remaining)} left, send a shorter prompt.",
            { Remaining: > 0 } gift =>
                $"{message}; or, as the gift has {Amount(gift, gift.Remaining)} left, {Shrink(shortage)} so that it "
                    + "covers the request.",
            { Window.ResetsAt: not null } gift =>
                $"{message}, or wait until {Time(gift)}, when the gift is whole again.",
            _ when shortage.IsLeast => $"{message}.",
            _ => $"{message}, or {Shrink(shortage)}.",
        };
    }

    private static string Ceiling(QuotaShortage shortage)
    {
        var state = shortage.State;
        var whose = state.Bound.Source is Account.KeyCeilingSource ? "this key's" : "your organisation's";
        return $"This request could cost {Shown(shortage, shortage.Needed)} USD and {Shown(shortage, state.Remaining)} "
            + $"USD are left of {whose} monthly spend ceiling"
            + $" of {Shown(shortage, state.Amount)} USD. It is whole again at {Time(state)}; raise the ceiling, or "
                + $"{Shrink(shortage)}.";
    }

    private static string NewEndUser(QuotaState state) =>
        "This end user is new, and your organisation has begun as many counters for end users today as it may, "
            + $"{state.Amount}. End users who are known are served; new ones are again at {Time(state)}.";

    private static string Concurrency(QuotaState state) => state.Amount is 1
        ? $"One request at a time is allowed {Where(state)}, and one is under way. Wait for it to end, then try again."
        : $"{state.Amount} requests at a time are allowed {Where(state)}, and as many are under way. Wait for one to "
            + "end, then try again.";

    private static string Where(QuotaState state) =>
        state.Bound.Limit.Scope.IsOfEndUser() ? "for each end user" : "here";

    private static string Minute(QuotaShortage shortage)
    {
        var (state, unit) = (shortage.State, Unit(shortage.State));
        return state.Remaining is 0 || shortage.Needed <= 1
            ? $"Too many {unit} in this minute{Of(state)}: {Shown(shortage, state.Amount)} are allowed. "
                + "Wait for the next minute."
            : shortage.Needed > state.Amount
            ? $"This request could need {Amount(state, shortage.Needed)} and {Shown(shortage, state.Amount)} are "
                + $"allowed in a minute. {Cut(shortage)}."
            : $"This request could need {Amount(state, shortage.Needed)} and {Shown(shortage, state.Remaining)} of the "
                + $"{Shown(shortage, state.Amount)} that are allowed in this minute are left."
                + $" {Cut(shortage)}, or wait for the next minute.";
    }

    private static string Of(QuotaState state) =>
        state.Bound.Limit.Scope.IsOfEndUser() ? " of this end user" : "";

    private static string Quota(QuotaShortage shortage)
    {
        var (state, limit) = (shortage.State, shortage.State.Bound.Limit);
        if (state.Remaining > 0)
        {
            return $"This request could need {Amount(state, shortage.Needed)} and {Amount(state, state.Remaining)} are "
                + $"left of {Whose(state)} quota of {Allowance(state)}. {Cut(shortage)}"
                + (state.Window.ResetsAt is null || shortage.Needed > state.Amount ? "." : ", or wait until "
                    + $"{Time(state)}, when it is whole again.");
        }

        return (limit.Window, limit.Unit, limit.Scope) is (LimitWindow.Day, LimitUnit.Requests, LimitScope.OrgModel)
            ? "Your organisation has reached the daily free request limit for this model."
                + $" The quota of {limit.Amount} is whole again at {Time(state)}."
            : $"{Capital(Whose(state))} quota of {Allowance(state)} is used up."
                + (state.Window.ResetsAt is null ? " It does not come back." : $" It is whole again at {Time(state)}.");
    }

    /// <summary>
    /// Writes the advice by which a request needs fewer tokens. It names a ceiling only if the caller sent it.
    /// </summary>
    private static string Shrink(QuotaShortage shortage) =>
        shortage.Ceiling is { } ceiling ? $"lower {ceiling}" : "send a shorter prompt";

    /// <summary>Writes the advice by which a request needs less of the limit's unit.</summary>
    private static string Cut(QuotaShortage shortage) => shortage.State.Bound.Limit.Unit switch
    {
        LimitUnit.Tokens or LimitUnit.OutputTokens => Capital(Shrink(shortage)),
        LimitUnit.MicroUnits or LimitUnit.NanoDollars => Capital(Shrink(shortage)),
        LimitUnit.InputTokens => "Send a shorter prompt",
        LimitUnit.Images => "Ask for fewer images",
        LimitUnit.Characters => "Send a shorter text",
        _ => "Ask for less",
    };

    private static string Whose(QuotaState state) => KeyLimits.IsOwn(state.Bound.Source) ? "this key's own"
        : state.Bound.Limit.Scope is LimitScope.Key or LimitScope.KeyModel ? "this key's free"
        : state.Bound.Limit.Scope.IsOfEndUser() ? "this end user's free"
        : "your organisation's free";

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    private static string Allowance(QuotaState state) => LimitText.Allowance(state.Bound.Limit, state.Amount);

    private static string Amount(QuotaState state, long amount) => LimitText.Amount(state.Bound.Limit.Unit, amount);

    private static string Unit(QuotaState state) => LimitText.Unit(state.Bound.Limit.Unit);

    private static string Shown(QuotaShortage shortage, long amount) =>
        LimitText.Number(shortage.State.Bound.Limit.Unit, amount);

    private static string Time(QuotaState state) =>
        state.Window.ResetsAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
