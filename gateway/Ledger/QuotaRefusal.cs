using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Makes a refusal of the limits that are short.</summary>
public static class QuotaRefusal
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>The refusal for the limit that binds longest; one that never comes back binds for ever.</summary>
    /// <param name="allocation">That was refused.</param>
    /// <param name="shortages">Those of its shortages that are certain.</param>
    public static Refusal Of(Allocation allocation, IReadOnlyList<QuotaShortage> shortages, DateTimeOffset now) =>
        Of([.. shortages.Select(shortage => shortage with { IsLeast = allocation.Size is not null })], now);

    /// <inheritdoc cref="Of(Allocation, IReadOnlyList{QuotaShortage}, DateTimeOffset)"/>
    public static Refusal Of(IReadOnlyList<QuotaShortage> shortages, DateTimeOffset now)
    {
        var shortage = shortages.MaxBy(candidate => BindsUntil(candidate.State, now))!;
        var (state, limit) = (shortage.State, shortage.State.Bound.Limit);
        return new Refusal(Code(state.Bound), QuotaErrorMessages.Of(shortage))
        {
            RetryAfter = Wait(shortage, now),
            Limit = new SpentLimit(
                state.Bound.Source,
                limit.Unit.Shown(state.Amount),
                limit.Unit.Shown(state.Used + state.Reserved),
                limit.Unit.WireName(),
                limit.Window.WireName(),
                state.Window.ResetsAt),
        };
    }

    private static RefusalCode Code(BoundLimit bound) =>
        Account.Pays(bound.Source) ? RefusalCode.InsufficientCredits
        : bound.Limit.Unit is LimitUnit.ConcurrentRequests ? RefusalCode.ConcurrencyLimitExceeded
        : bound.Limit.Window is LimitWindow.Minute ? RefusalCode.RateLimitExceeded
        : RefusalCode.FreeQuotaExceeded;

    /// <summary>A lease may be given back any moment.</summary>
    private static DateTimeOffset BindsUntil(QuotaState state, DateTimeOffset now) =>
        state.Bound.Limit.Unit is LimitUnit.ConcurrentRequests ? now + Moment : state.Window.ResetsAt ?? DateTimeOffset.MaxValue;

    /// <summary>Null where waiting does not help: what never comes back, and what is more than the whole limit.</summary>
    private static TimeSpan? Wait(QuotaShortage shortage, DateTimeOffset now) =>
        shortage.State.Bound.Limit.Unit is LimitUnit.ConcurrentRequests ? Moment
        : shortage.Needed > shortage.State.Amount && shortage.State.Amount > 0 ? null
        : shortage.State.Window.ResetsAt - now;
}

/// <summary>A limit that cannot give what a request needs of it.</summary>
/// <param name="Gift">Of the gifts before a limit that pays, the one that reaches least far; null where there is none.</param>
public sealed record QuotaShortage(QuotaState State, long Needed, QuotaState? Gift)
{
    /// <summary>
    /// Whether it is short even for the least that the request makes do with: a lower ceiling would not help.
    /// </summary>
    public bool IsLeast { get; init; }
}
