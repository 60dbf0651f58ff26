using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>
/// The thresholds that the records of one transaction say were reached, held against its quota rows: each threshold that
/// a row passes is in one record of the same transaction, and no record tells of another. As an admitted request has
/// exactly one record, each notice is then made once in its window.
/// </summary>
internal sealed class ReachedThresholds
{
    private static readonly int[] Percents = [50, 80, 100];

    private readonly List<ReachedLimit> _left;
    private readonly int _topUps;

    private ReachedThresholds(List<ReachedLimit> reached, int topUps) => (_left, _topUps) = (reached, topUps);

    public static ReachedThresholds Of(IReadOnlyList<LedgerWrite> writes) => new(
        [.. writes.OfType<LedgerWrite.PutRequest>().Where(put => !put.Row.Open)
            .SelectMany(put => ActivityJson.Read(put.Row.Record.Span).Reached ?? [])],
        writes.OfType<LedgerWrite.AddPurchase>().Count());

    /// <summary>Takes away what a row explains, and says what is missing.</summary>
    /// <param name="before">The row before the transaction; null where there was none.</param>
    public void Check(string org, QuotaRow row, QuotaRow? before, Action<string> violated)
    {
        if (before is not null && before.Window.Id != row.Window.Id)
        {
            // A booking of the last window and the first reservation of the next one, in one transaction: the row shows
            // the next window alone, and what the record says of the last one is held against the row as it was.
            _left.RemoveAll(one => IsOf(row, one, before.Window.Id) && IsReached(one, before));
        }

        var known = before is not null && before.Window.Id == row.Window.Id ? before.Noticed : 0;
        if (row.Key.Source is Account.Source)
        {
            if (_topUps > 0)
            {
                // Each top-up begins anew, so that credit may be low before it and after it; the records of the whole run
                // are held against what was bought by EndChecks.
                _left.RemoveAll(one => one.Limit == row.Key.Source);
            }
            else if (row.Noticed > known)
            {
                Take(org, row, 100, violated);
            }

            return;
        }

        if (row.Key.IsOfEndUser && row.Noticed > 0)
        {
            violated($"{row.Key.Source} of an end user of {org} noticed {row.Noticed} %, which nobody wants to be told");
        }

        foreach (var percent in Percents.Where(percent => percent > known && percent <= row.Noticed))
        {
            Take(org, row, percent, violated);
        }

        var isBooked = before is not null && before.Window.Id == row.Window.Id && row.Used > before.Used;
        if (isBooked && IsCounted(row) && TellsAtOnce(row) && Percents.Any(percent => percent > row.Noticed && row.Used * 100m >= row.Limit * (decimal)percent))
        {
            violated($"{row.Key.Source} of {org} stands at {row.Used} of {row.Limit} and noticed only {row.Noticed} %");
        }
    }

    /// <summary>Says what no row explains.</summary>
    public void CheckRest(string org, Action<string> violated)
    {
        foreach (var rest in _left)
        {
            violated($"a record tells of {rest.Percent} % of {rest.Limit} of {org} in {rest.Window}, which its transaction did not reach");
        }
    }

    /// <summary>
    /// Tells whether a booking tells of it: nobody is told of an end user, and a reservation of a new one that is given
    /// back has no record, so that the next one tells.
    /// </summary>
    private static bool TellsAtOnce(QuotaRow row) => !row.Key.IsOfEndUser && row.Unit is not LimitUnit.EndUserRows;

    private static bool IsCounted(QuotaRow row) => row.Unit is not LimitUnit.ConcurrentRequests && row.Limit is > 0 and < long.MaxValue
        && WindowSpan.KindOf(row.Window.Id)?.Window is not LimitWindow.Minute;

    /// <summary>Tells whether a threshold was reached by more use of this row, which had not told of it.</summary>
    private static bool IsReached(ReachedLimit reached, QuotaRow before) =>
        reached.Percent > before.Noticed && reached.Used > before.Used
        && reached.Used * 100m >= reached.Amount * (decimal)reached.Percent;

    private static bool IsOf(QuotaRow row, ReachedLimit reached, string window) =>
        reached.Limit == row.Key.Source && reached.Subject == row.Key.Subject && reached.Window == window;

    private void Take(string org, QuotaRow row, int percent, Action<string> violated)
    {
        var index = _left.FindIndex(one => IsOf(row, one, row.Window.Id) && one.Percent == percent);
        if (index < 0)
        {
            violated($"{row.Key.Source} of {org} reached {percent} % in {row.Window.Id}, and no record tells of it");
            return;
        }

        _left.RemoveAt(index);
    }
}
