namespace Freeway.Gateway.Ledger;

/// <summary>
/// Says what a request takes of each limit, or which of them refuse it. All are decided together, over one view of
/// their rows.
/// </summary>
/// <param name="Covered">What the gifts cover, in their unit: each gives the same.</param>
/// <param name="Amounts">What each claim gets, in order.</param>
/// <param name="Shortages">The limits that refuse; empty where the request is admitted.</param>
public sealed record Allocation(long Covered, IReadOnlyList<long> Amounts, IReadOnlyList<QuotaShortage> Shortages)
{
    /// <summary>
    /// Decides: gifts cover as far as the one with least left reaches; every hard limit gives the whole claim; what
    /// pays gives all that the gifts leave.
    /// </summary>
    /// <param name="state">
    /// The state of a claim's limit; null where nothing is known of it, which then refuses nothing.
    /// </param>
    public static Allocation Of(IReadOnlyList<Claim> claims, Func<Claim, QuotaState?> state)
    {
        var states = claims.Select(state).ToArray();
        var (covered, gift) = CoverByGifts(claims, states);
        var amounts = new long[claims.Count];
        List<QuotaShortage>? shortages = null;
        for (var index = 0; index < claims.Count; index++)
        {
            var claim = claims[index];
            amounts[index] = claim.Kind switch
            {
                ClaimKind.Whole => claim.Amount,
                ClaimKind.Gift => covered,
                ClaimKind.Overage => Math.Max(0, claim.AmountAfterGifts(covered)),
            };
            var isBinding = claim.Kind is not ClaimKind.Gift;
            if (isBinding && states[index] is { } current && current.Remaining < amounts[index])
            {
                var shortOf = claim.Kind is ClaimKind.Overage ? gift : null;
                (shortages ??= []).Add(new QuotaShortage(current, amounts[index], shortOf, claim.Ceiling));
            }
        }

        return new Allocation(covered, amounts, shortages ?? []);
    }

    /// <summary>Decides over rows that are all known.</summary>
    public static Allocation Of(IReadOnlyList<Claim> claims, Func<QuotaKey, QuotaRow> row, DateTimeOffset now) =>
        Of(claims, claim => QuotaState.Of(claim.Bound, row(claim.Quota), now));

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
