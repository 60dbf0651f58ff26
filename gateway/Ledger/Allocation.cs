namespace Freeway.Gateway.Ledger;

/// <summary>
/// Says what a request takes of each limit, or which of them refuse it. All are decided together, over one view of
/// their rows.
/// </summary>
/// <param name="Covered">
/// What the gifts would cover if the whole estimate were used now, in their unit: each gives the same. It is held of
/// them only where the account cannot pay; else it is drawn when the request settles, as far as they reach then.
/// </param>
/// <param name="Claims">What it was decided over.</param>
/// <param name="Amounts">What is held for each claim, in order.</param>
/// <param name="Shortages">The limits that refuse; empty where the request is admitted.</param>
public sealed record Allocation(
    long Covered, IReadOnlyList<Claim> Claims, IReadOnlyList<long> Amounts, IReadOnlyList<QuotaShortage> Shortages)
{
    /// <summary>The size that the request makes do with; null where it gets the most that it could use.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// Decides: gifts cover as far as the one with least left reaches; every hard limit gives the whole claim; what
    /// pays gives all that the gifts leave.
    /// </summary>
    /// <param name="state">
    /// The state of a claim's limit; null where nothing is known of it, which then refuses nothing.
    /// </param>
    public static Allocation Of(IReadOnlyList<Claim> claims, Func<Claim, QuotaState?> state)
    {
        var states = new QuotaState?[claims.Count];
        var newRows = 0;
        for (var index = 0; index < states.Length; index++)
        {
            states[index] = state(claims[index]);
            newRows += states[index] is { IsNew: true } ? 1 : 0;
        }

        var (covered, gift) = CoverByGifts(claims, states);
        var held = CanPay(claims, states) ? 0 : covered;
        var amounts = new long[claims.Count];
        List<QuotaShortage>? shortages = null;
        for (var index = 0; index < claims.Count; index++)
        {
            var claim = claims[index];
            amounts[index] = claim.Kind switch
            {
                ClaimKind.Whole => claim.Amount,
                ClaimKind.Gift => held,
                ClaimKind.Overage => Math.Max(0, claim.AmountAfterGifts(held)),
                ClaimKind.NewRows => newRows,
            };
            var isBinding = claim.Kind is not ClaimKind.Gift;
            if (isBinding && states[index] is { } current && current.Remaining < amounts[index])
            {
                var shortOf = claim.Kind is ClaimKind.Overage ? gift : null;
                (shortages ??= []).Add(new QuotaShortage(current, amounts[index], shortOf, claim.Ceiling));
            }
        }

        return new Allocation(covered, claims, amounts, shortages ?? []);
    }

    /// <summary>Decides over rows that are all known.</summary>
    public static Allocation Of(IReadOnlyList<Claim> claims, Func<QuotaKey, QuotaRow> row, DateTimeOffset now) =>
        Of(claims, claim => QuotaState.Of(claim.Bound, row(claim.Quota), now));

    /// <summary>
    /// Decides over the whole claims, else over those of the largest size for which nothing is short.
    /// </summary>
    /// <param name="smaller">The sizes that the request makes do with; null where it needs the whole.</param>
    /// <returns>Where even the least size is too much: what is short for that.</returns>
    public static Allocation Largest(
        IReadOnlyList<Claim> whole, SizedClaims? smaller, Func<QuotaKey, QuotaRow> row, DateTimeOffset now)
    {
        var allocation = Of(whole, row, now);
        if (allocation.Shortages is [] || smaller is null)
        {
            return allocation;
        }

        var best = Of(smaller.At(smaller.Least), row, now) with { Size = smaller.Least };
        // What fits lies in least..most, and with a size everything below it fits, too.
        var (least, most) = (smaller.Least, best.Shortages is [] ? smaller.Most : smaller.Least);
        while (least < most)
        {
            var size = least + ((most - least + 1) / 2);
            var tried = Of(smaller.At(size), row, now) with { Size = size };
            (best, least, most) = tried.Shortages is [] ? (tried, size, most) : (best, least, size - 1);
        }

        return best;
    }

    /// <summary>
    /// Tells whether there is an account, and it and every ceiling on it can hold the cost of the request without a
    /// gift.
    /// </summary>
    private static bool CanPay(IReadOnlyList<Claim> claims, QuotaState?[] states)
    {
        var hasPayer = false;
        for (var index = 0; index < claims.Count; index++)
        {
            if (claims[index].Kind is not ClaimKind.Overage)
            {
                continue;
            }

            if (states[index] is { } state && state.Remaining < claims[index].Amount)
            {
                return false;
            }

            hasPayer = true;
        }

        return hasPayer;
    }

    /// <returns>What all gifts cover, and the gift that has least left.</returns>
    private static (long Covered, QuotaState? Gift) CoverByGifts(IReadOnlyList<Claim> claims, QuotaState?[] states)
    {
        long? covered = null;
        QuotaState? least = null;
        for (var index = 0; index < claims.Count; index++)
        {
            if (claims[index].Kind is not ClaimKind.Gift)
            {
                continue;
            }

            var state = states[index];
            var reach = Math.Min(claims[index].Amount, state?.Remaining ?? long.MaxValue);
            covered = Math.Min(covered ?? long.MaxValue, reach);
            if (state is not null && (least is null || state.Remaining < least.Remaining))
            {
                least = state;
            }
        }

        return (covered ?? 0, least);
    }
}
