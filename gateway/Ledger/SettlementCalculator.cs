using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// What a settlement books, from what was really used: gifts cover as far as they reach now, whatever was held of them
/// at admission; what pays is charged the rest, but never more than was held and is left. So a balance is never
/// overdrawn and a ceiling never passed, and nothing is charged while a gift has something left that nobody holds.
/// </summary>
public static class SettlementCalculator
{
    /// <param name="used">In the order of the holds, of the same limits.</param>
    /// <param name="row">The quota rows as they are, this request's holds in them.</param>
    public static SettlementAmounts Of(IReadOnlyList<Claim> used, IReadOnlyList<Hold> holds, Func<QuotaKey, QuotaRow> row)
    {
        long? covered = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is ClaimKind.AsFarAsItReaches)
            {
                covered = Math.Min(covered ?? long.MaxValue, Math.Min(used[index].Amount, Room(index)));
            }
        }

        long? charged = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is ClaimKind.Overage)
            {
                charged = Math.Min(charged ?? long.MaxValue, Math.Min(Math.Max(0, used[index].After(covered ?? 0)), Room(index)));
            }
        }

        return new SettlementAmounts(covered ?? 0, charged ?? 0, [.. used.Select((use, index) => use.Kind switch
        {
            ClaimKind.AsFarAsItReaches => covered ?? 0,
            ClaimKind.Overage => charged ?? 0,
            ClaimKind.Whole => Whole(use, index),
        })]);

        long Whole(Claim use, int index) => use.Bound.Limit.Unit switch
        {
            LimitUnit.ConcurrentRequests => 0,
            var unit when unit.IsStrict() => Math.Min(use.Amount, Room(index)),
            _ => use.Amount,
        };

        // What the request may take of a limit: its hold, and what nobody else holds or has used of the window of its
        // admission.
        long Room(int index)
        {
            var (hold, current) = (holds[index], row(holds[index].Quota));
            var left = current.LeftBeside(hold, used[index].Bound);
            return hold.Amount > long.MaxValue - left ? long.MaxValue : hold.Amount + left;
        }
    }
}

/// <summary>What a settlement booked.</summary>
/// <param name="Covered">By the gifts, in their unit.</param>
/// <param name="Charged">By those that pay, in nano-dollars.</param>
/// <param name="Amounts">Per hold, in order.</param>
public sealed record SettlementAmounts(long Covered, long Charged, IReadOnlyList<long> Amounts)
{
    /// <summary>The thresholds that this booking has reached, each for the first time in its window.</summary>
    public IReadOnlyList<ReachedThreshold> Reached { get; init; } = [];
}
