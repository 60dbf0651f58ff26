using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What every limit had left at every moment.</summary>
internal sealed class LimitHistory
{
    private readonly Dictionary<(string Org, QuotaKey Quota), List<(DateTimeOffset At, long Left)>> _left = [];

    public void Add(string org, QuotaRow row, DateTimeOffset at) =>
        (_left.TryGetValue((org, row.Key), out var history) ? history : _left[(org, row.Key)] = []).Add((at, row.Limit - row.Used - row.Reserved));

    /// <summary>True where a limit could not have given what one of these takes needs of it at some moment between these two.</summary>
    public bool WasSpent(string org, IReadOnlyList<Claim> takes, Claim spent, DateTimeOffset from, DateTimeOffset until)
    {
        var covered = takes.Where(take => take.Kind is ClaimKind.AsFarAsItReaches).Select(gift => Math.Min(gift.Amount, Least(gift))).DefaultIfEmpty(0).Min();
        return Least(spent) < (spent.Kind is ClaimKind.Overage ? spent.After(covered) : spent.Amount);

        long Least(Claim take)
        {
            List<(DateTimeOffset At, long Left)> all =
                [(DateTimeOffset.MinValue, take.Bound.Limit.IsPurchased ? 0 : take.Bound.Limit.Amount), .. _left.GetValueOrDefault((org, take.Quota)) ?? []];
            var first = Math.Max(0, all.FindLastIndex(state => state.At <= from));
            return Math.Max(0, all.Skip(first).TakeWhile(state => state.At <= until).Min(state => state.Left));
        }
    }
}
