namespace Freeway.Gateway.Ledger;

/// <summary>What a request takes of each limit, or which of them refuse it: all are decided together, over one view of their rows.</summary>
/// <param name="Covered">By the gifts, in their unit: each gives the same.</param>
/// <param name="Amounts">Per take, in order.</param>
/// <param name="Short">Empty where the request is admitted.</param>
public sealed record Allocation(long Covered, IReadOnlyList<long> Amounts, IReadOnlyList<QuotaShortage> Short)
{
    /// <summary>
    /// Gifts first, as far as the one with least left reaches; then the whole of every hard limit, and of what pays all that
    /// the gifts leave.
    /// </summary>
    /// <param name="state">Where the caller stands with a take's limit; null where nothing is known of it, which then refuses nothing.</param>
    public static Allocation Of(IReadOnlyList<Claim> takes, Func<Claim, QuotaState?> state)
    {
        var states = takes.Select(state).ToArray();
        var (covered, gift) = Cover(takes, states);
        var amounts = new long[takes.Count];
        List<QuotaShortage>? shortages = null;
        for (var index = 0; index < takes.Count; index++)
        {
            var take = takes[index];
            amounts[index] = take.Kind switch
            {
                ClaimKind.Whole => take.Amount,
                ClaimKind.AsFarAsItReaches => covered,
                ClaimKind.Overage => Math.Max(0, take.After(covered)),
            };
            if (take.Kind is not ClaimKind.AsFarAsItReaches && states[index] is { } at && at.Remaining < amounts[index])
            {
                (shortages ??= []).Add(new QuotaShortage(at, amounts[index], take.Kind is ClaimKind.Overage ? gift : null, take.Ceiling));
            }
        }

        return new Allocation(covered, amounts, shortages ?? []);
    }

    /// <summary>Where every row is known.</summary>
    public static Allocation Of(IReadOnlyList<Claim> takes, Func<QuotaKey, QuotaRow> row, DateTimeOffset now) =>
        Of(takes, take => QuotaState.Of(take.Bound, row(take.Quota), now));

    private static (long Covered, QuotaState? Gift) Cover(IReadOnlyList<Claim> takes, QuotaState?[] states)
    {
        long? covered = null;
        QuotaState? least = null;
        for (var index = 0; index < takes.Count; index++)
        {
            if (takes[index].Kind is ClaimKind.AsFarAsItReaches)
            {
                covered = Math.Min(covered ?? long.MaxValue, Math.Min(takes[index].Amount, states[index]?.Remaining ?? long.MaxValue));
                least = states[index] is { } state && (least is null || state.Remaining < least.Remaining) ? state : least;
            }
        }

        return (covered ?? 0, least);
    }
}
