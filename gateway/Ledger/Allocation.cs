namespace Freeway.Gateway.Ledger;

/// <summary>
/// What a request takes of each limit, or which of them refuse it: all are decided together, over one view of their
/// rows.
/// </summary>
/// <param name="Covered">
/// What the gifts would cover if the whole estimate were used now, in their unit: each gives the same. It is held of
/// them only where the account cannot pay; else it is drawn when the request settles, as far as they reach then.
/// </param>
/// <param name="Claims">What it was decided over.</param>
/// <param name="Amounts">What is held for each claim, in order.</param>
/// <param name="Short">Empty where the request is admitted.</param>
public sealed record Allocation(
    long Covered, IReadOnlyList<Claim> Claims, IReadOnlyList<long> Amounts, IReadOnlyList<QuotaShortage> Short)
{
    /// <summary>The size that the request makes do with; null where it gets the most that it could use.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// Decides in this order:
    /// <list type="number">
    /// <item>Every hard limit has to hold its whole claim.</item>
    /// <item>Where all that pays can hold the whole cost, it does, and the gifts hold nothing: an estimate is no use,
    /// and what is only estimated must not keep a gift from those who use it.</item>
    /// <item>Else the gifts hold as much as the one with least left has, and what pays has to hold the rest.</item>
    /// </list>
    /// </summary>
    /// <param name="state">Where the caller stands with a take's limit; null where nothing is known of it, which then
    ///     refuses nothing.</param>
    public static Allocation Of(IReadOnlyList<Claim> takes, Func<Claim, QuotaState?> state)
    {
        var states = takes.Select(state).ToArray();
        var (covered, gift) = Cover(takes, states);
        var held = CanPay(takes, states) ? 0 : covered;
        var amounts = new long[takes.Count];
        List<QuotaShortage>? shortages = null;
        for (var index = 0; index < takes.Count; index++)
        {
            var take = takes[index];
            amounts[index] = take.Kind switch
            {
                ClaimKind.Whole => take.Amount,
                ClaimKind.AsFarAsItReaches => held,
                ClaimKind.Overage => Math.Max(0, take.After(held)),
            };
            if (take.Kind is not ClaimKind.AsFarAsItReaches && states[index] is { } at && at.Remaining < amounts[index])
            {
                (shortages ??= []).Add(new QuotaShortage(at, amounts[index], take.Kind is ClaimKind.Overage ? gift : null, take.Ceiling));
            }
        }

        return new Allocation(covered, takes, amounts, shortages ?? []);
    }

    /// <summary>Where every row is known.</summary>
    public static Allocation Of(IReadOnlyList<Claim> takes, Func<QuotaKey, QuotaRow> row, DateTimeOffset now) =>
        Of(takes, take => QuotaState.Of(take.Bound, row(take.Quota), now));

    /// <summary>
    /// Decides over the whole claims, else over those of the largest size for which nothing is short.
    /// </summary>
    /// <param name="smaller">The sizes that the request makes do with; null where it needs the whole.</param>
    /// <returns>Where even the least size is too much: what is short for that.</returns>
    public static Allocation Largest(
        IReadOnlyList<Claim> whole, SizedClaims? smaller, Func<QuotaKey, QuotaRow> row, DateTimeOffset now)
    {
        var allocation = Of(whole, row, now);
        if (allocation.Short is [] || smaller is null)
        {
            return allocation;
        }

        var best = Of(smaller.At(smaller.Least), row, now) with { Size = smaller.Least };
        // What fits lies in least..most, and with a size everything below it fits, too.
        var (least, most) = (smaller.Least, best.Short is [] ? smaller.Most : smaller.Least);
        while (least < most)
        {
            var size = least + ((most - least + 1) / 2);
            var tried = Of(smaller.At(size), row, now) with { Size = size };
            (best, least, most) = tried.Short is [] ? (tried, size, most) : (best, least, size - 1);
        }

        return best;
    }

    /// <summary>
    /// Whether there is an account, and it and every ceiling on it can hold the cost of the request without a gift.
    /// </summary>
    private static bool CanPay(IReadOnlyList<Claim> takes, QuotaState?[] states)
    {
        var payers = takes.Zip(states).Where(pair => pair.First.Kind is ClaimKind.Overage).ToList();
        return payers.Count > 0
            && payers.TrueForAll(payer => payer.Second is not { } state || state.Remaining >= payer.First.Amount);
    }

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
