using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Makes a refusal from the limits that are short.</summary>
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
        var shortage = shortages.MaxBy(candidate => BindsUntil(candidate, now))!;
        var (state, limit) = (shortage.State, shortage.State.Bound.Limit);
        return new Refusal(Code(shortage), QuotaErrorMessages.Of(shortage))
        {
            RetryAfter = Wait(shortage, now),
            Param = shortage.NeverFits ? shortage.Ceiling : null,
            Limit = new SpentLimit(
                state.Bound.Source,
                limit.Unit.Shown(state.Amount),
                limit.Unit.Shown(state.Used + state.Reserved),
                limit.Unit.WireName(),
                limit.Window.WireName(),
                state.Window.ResetsAt),
        };
    }

    /// <summary>Clients retry a 429, so that only what waiting helps against is one.</summary>
    private static RefusalCode Code(QuotaShortage shortage) =>
        Account.Pays(shortage.State.Bound.Source) ? RefusalCode.InsufficientCredits
        : shortage.State.Bound.Limit.Unit is LimitUnit.EndUserRows ? RefusalCode.TooManyEndUsers
        : shortage.NeverFits ? RefusalCode.RequestExceedsLimit
        : shortage.State.Bound.Limit switch
        {
            { Unit: LimitUnit.ConcurrentRequests } => RefusalCode.ConcurrencyLimitExceeded,
            { Window: LimitWindow.Minute } => RefusalCode.RateLimitExceeded,
            { Window: LimitWindow.Lifetime } => RefusalCode.FreeQuotaExhausted,
            _ => RefusalCode.FreeQuotaExceeded,
        };

    /// <summary>Until when a limit refuses.</summary>
    private static DateTimeOffset BindsUntil(QuotaShortage shortage, DateTimeOffset now)
    {
        // A slot among the requests at once may be given back any moment.
        if (shortage.State.Bound.Limit.Unit is LimitUnit.ConcurrentRequests)
        {
            return now + Moment;
        }

        return shortage.NeverFits ? DateTimeOffset.MaxValue : shortage.State.Window.ResetsAt ?? DateTimeOffset.MaxValue;
    }

    /// <summary>
    /// Computes how long to wait before the limit can give what the request needs; null where waiting does not help:
    /// for a limit that never resets, and for a need above the whole limit.
    /// </summary>
    private static TimeSpan? Wait(QuotaShortage shortage, DateTimeOffset now)
    {
        if (shortage.State.Bound.Limit.Unit is LimitUnit.ConcurrentRequests)
        {
            return Moment;
        }

        return shortage.NeverFits ? null : shortage.State.Window.ResetsAt - now;
    }
}

/// <summary>Says that a limit cannot give what a request needs of it.</summary>
/// <param name="Gift">
/// Of the gifts before a limit that pays, the one that reaches least far; null where there is none.
/// </param>
/// <param name="Ceiling">The member by which the caller bounds its output; null where it sent none.</param>
public sealed record QuotaShortage(QuotaState State, long Needed, QuotaState? Gift, string? Ceiling = null)
{
    /// <summary>Gets whether the request needs more than a whole window of the limit holds.</summary>
    public bool NeverFits => Needed > State.Amount && State.Amount > 0
        && State.Bound.Limit.Unit is not LimitUnit.ConcurrentRequests;

    /// <summary>
    /// Gets whether the limit is short even for the least that the request makes do with, so that a lower ceiling would
    /// not help.
    /// </summary>
    public bool IsLeast { get; init; }
}
