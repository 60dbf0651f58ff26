using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>
/// What the rows of limits on requests, on requests at once and on new end users said at each moment of a run.
/// </summary>
public sealed class QuotaHistory(Func<TimeSpan> now)
{
    private readonly Dictionary<(string Org, string Source), List<(TimeSpan At, QuotaRow Row)>> _rows = [];

    public void Landed(string org, IReadOnlyList<LedgerWrite> writes)
    {
        foreach (var row in writes.OfType<LedgerWrite.PutQuota>().Select(put => put.Row).Where(row => row.Unit is LimitUnit.Requests or LimitUnit.ConcurrentRequests or LimitUnit.EndUserRows))
        {
            var rows = _rows.TryGetValue((org, row.Key.Source), out var known) ? known : _rows[(org, row.Key.Source)] = [];
            // A new end user takes two, so that one that is left is none.
            rows.Add((now(), row.Unit is LimitUnit.EndUserRows ? row with { Limit = row.Limit - 1 } : row));
        }
    }

    /// <summary>A power cut has put rows back: each says from now on what it said then, and nothing where it was not there.</summary>
    public void PutBack(IEnumerable<(string Org, QuotaRow Row)> quotas)
    {
        var kept = quotas.ToDictionary(quota => (quota.Org, quota.Row.Key), quota => quota.Row);
        foreach (var ((org, _), rows) in _rows)
        {
            foreach (var last in rows.GroupBy(entry => entry.Row.Key).Select(same => same.Last().Row).ToList())
            {
                var row = kept.GetValueOrDefault((org, last.Key)) ?? last with { Used = 0, Reserved = 0 };
                rows.Add((now(), row.Unit is LimitUnit.EndUserRows ? row with { Limit = last.Limit } : row));
            }
        }
    }

    /// <summary>Whether a limit of this name had nothing left at some moment between two.</summary>
    /// <param name="org">Whose limit it is; which of its subjects does not matter.</param>
    /// <param name="source">Plan and limit, e.g. <c>free.daily</c>.</param>
    /// <param name="from">From when on it counts that open requests fill it.</param>
    /// <param name="settledFrom">The same for settled use alone, which may be remembered for longer.</param>
    /// <param name="to">The end of both.</param>
    public bool WasSpent(string org, string source, TimeSpan from, TimeSpan settledFrom, TimeSpan to)
    {
        var rows = _rows.GetValueOrDefault((org, source)) ?? [];
        return rows.Where((entry, index) => entry.At <= to && Until(rows, index) is var until
            && ((until >= from && entry.Row.Limit <= entry.Row.Used + entry.Row.Reserved) || (until >= settledFrom && entry.Row.Limit <= entry.Row.Used))).Any();
    }

    /// <summary>A row counts until the next one of its key.</summary>
    private static TimeSpan Until(List<(TimeSpan At, QuotaRow Row)> rows, int index)
    {
        var next = rows.FindIndex(index + 1, later => later.Row.Key == rows[index].Row.Key);
        return next < 0 ? TimeSpan.MaxValue : rows[next].At;
    }
}
