using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What every limit had left at every moment.</summary>
internal sealed class LimitHistory
{
    private readonly Dictionary<(string Org, QuotaKey Quota), List<(DateTimeOffset At, QuotaRow Row)>> _rows = [];

    public void Add(string org, QuotaRow row, DateTimeOffset at)
    {
        if (!_rows.TryGetValue((org, row.Key), out var history))
        {
            history = _rows[(org, row.Key)] = [];
        }

        history.Add((at, row));
    }

    /// <summary>
    /// True where rows that a process may still remember when it refuses cannot give what the request needs.
    /// </summary>
    /// <param name="openAge">How old a row may be that refuses by what open requests hold.</param>
    /// <param name="settledAge">
    /// How old a row may be that refuses by settled use alone. Use never falls within a window, but a purchase raises
    /// what an account allows: a process that has not seen the purchase yet refuses for so long.
    /// </param>
    public bool WasSpent(string org, RaceRefusal refusal, TimeSpan openAge, TimeSpan settledAge)
    {
        var spent = refusal.Spent;
        var covered = refusal.Takes.Where(take => take.Kind is ClaimKind.Gift)
            .Select(gift => Math.Min(gift.Amount, Least(gift))).DefaultIfEmpty(0).Min();
        return Least(spent) < spent.Kind switch
        {
            ClaimKind.Overage => spent.AmountAfterGifts(covered),
            ClaimKind.NewRows => refusal.Takes.Count(take => take.Bound.Limit.Scope.IsOfEndUser()),
            _ => spent.Amount,
        };

        long Least(Claim take)
        {
            var amount = take.Bound.Limit.IsPurchased ? 0 : take.Bound.Limit.Amount;
            var unwritten = QuotaRow.Absent(take.Quota) with { Limit = amount };
            // A row whose window was over when the request was asked for counts as whole again.
            var running = (_rows.GetValueOrDefault((org, take.Quota)) ?? [])
                .Where(entry => entry.Row.Window.ResetsAt is not { } reset || reset > refusal.AskedAt);
            List<(DateTimeOffset At, QuotaRow Row)> all = [(DateTimeOffset.MinValue, unwritten), .. running];
            var open = Since(openAge).Min(row => row.Limit - row.Used - row.Reserved);
            var settled = Since(settledAge).Min(row => row.Limit - row.Used);
            return Math.Max(0, Math.Min(open, settled));

            IEnumerable<QuotaRow> Since(TimeSpan age)
            {
                var first = all.FindLastIndex(entry => entry.At <= refusal.AskedAt - age);
                return all.Skip(first).TakeWhile(entry => entry.At <= refusal.AnsweredAt).Select(entry => entry.Row);
            }
        }
    }
}
