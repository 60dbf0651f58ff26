using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// What a settlement books, from what was really used: gifts cover as far as they reach now, what pays is charged the rest,
/// but never more than was held and is left. So a balance is never overdrawn and a ceiling never passed.
/// </summary>
public static class Booking
{
    /// <param name="used">In the order of the holds, of the same limits.</param>
    /// <param name="row">The quota rows as they are, this request's holds in them.</param>
    public static Booked Of(IReadOnlyList<Take> used, IReadOnlyList<Hold> holds, Func<QuotaKey, QuotaRow> row)
    {
        long? covered = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is TakeKind.AsFarAsItReaches)
            {
                // A request that was admitted with nothing of the gift is paid, also where some of it has come back since.
                var reach = holds[index].Amount > 0 ? Math.Min(used[index].Amount, Room(index)) : 0;
                covered = Math.Min(covered ?? long.MaxValue, reach);
            }
        }

        long? charged = null;
        for (var index = 0; index < used.Count; index++)
        {
            if (used[index].Kind is TakeKind.Beyond)
            {
                charged = Math.Min(charged ?? long.MaxValue, Math.Min(Math.Max(0, used[index].After(covered ?? 0)), Room(index)));
            }
        }

        return new Booked(covered ?? 0, charged ?? 0, [.. used.Select((use, index) => use.Kind switch
        {
            TakeKind.AsFarAsItReaches => covered ?? 0,
            TakeKind.Beyond => charged ?? 0,
            TakeKind.Whole => Whole(use, index),
        })]);

        long Whole(Take use, int index) => use.Bound.Limit.Unit switch
        {
            LimitUnit.ConcurrentRequests => 0,
            var unit when unit.IsStrict() => Math.Min(use.Amount, Room(index)),
            _ => use.Amount,
        };

        // What the request may take of a limit: its hold, and what nobody else holds or has used, if its window still runs.
        long Room(int index)
        {
            var (hold, current) = (holds[index], row(holds[index].Quota));
            var left = current.Counts(hold) ? QuotaState.Of(used[index].Bound, current).Remaining : 0;
            return hold.Amount > long.MaxValue - left ? long.MaxValue : hold.Amount + left;
        }
    }
}
