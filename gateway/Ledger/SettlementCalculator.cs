using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Decides what a settlement books, by what was really used: gifts cover as far as they reach now, what pays is charged
/// the rest, but never more than was held and is left. So a balance is never overdrawn and a ceiling never passed.
/// </summary>
public static class SettlementCalculator
{
    /// <param name="used">What was used, in the order of the holds and of the same limits.</param>
    /// <param name="row">The quota rows as they are, which include this request's holds.</param>
    public static SettlementAmounts Of(
        IReadOnlyList<Claim> used, IReadOnlyList<Hold> holds, Func<QuotaKey, QuotaRow> row)
    {
        long? covered = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is ClaimKind.Gift)
            {
                covered = Math.Min(covered ?? long.MaxValue, Math.Min(used[index].Amount, Available(index)));
            }
        }

        long? charged = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is ClaimKind.Overage)
            {
                var due = Math.Max(0, used[index].AmountAfterGifts(covered ?? 0));
                charged = Math.Min(charged ?? long.MaxValue, Math.Min(due, Available(index)));
            }
        }

        var amounts = new long[used.Count];
        for (var index = 0; index < amounts.Length; index++)
        {
            amounts[index] = Amount(used[index], index);
        }

        return new SettlementAmounts(covered ?? 0, charged ?? 0, amounts);

        long Amount(Claim use, int index) => use.Kind switch
        {
            ClaimKind.Gift => covered ?? 0,
            ClaimKind.Overage => charged ?? 0,
            ClaimKind.Whole => Whole(use, index),
            ClaimKind.NewRows => holds[index].Amount,
        };

        long Whole(Claim use, int index) => use.Bound.Limit.Unit switch
        {
            LimitUnit.ConcurrentRequests => 0,
            var unit when unit.IsStrict() => Math.Min(use.Amount, Available(index)),
            _ => use.Amount,
        };

        // What the request may take of a limit: its hold, and what nobody else holds or has used, if its window still
        // runs.
        long Available(int index)
        {
            var (hold, current) = (holds[index], row(holds[index].Quota));
            var left = current.LeftBeside(hold, used[index].Bound);
            return hold.Amount > long.MaxValue - left ? long.MaxValue : hold.Amount + left;
        }
    }
}

/// <summary>Says what a settlement booked.</summary>
/// <param name="Covered">What the gifts cover, in their unit.</param>
/// <param name="Charged">What is charged, in nano-dollars.</param>
/// <param name="Amounts">What is booked for each hold, in order.</param>
public sealed record SettlementAmounts(long Covered, long Charged, IReadOnlyList<long> Amounts)
{
    /// <summary>Gets the thresholds that this booking has reached, each for the first time in its window.</summary>
    public IReadOnlyList<ReachedThreshold> Reached { get; init; } = [];
}
