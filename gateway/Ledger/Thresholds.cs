using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Sees, as a settlement is booked, that a limit has been used to 50, 80 or 100 percent, or that an account has little
/// left. The quota row keeps what was seen in its window, in the same transaction, so each is seen once a window
/// however many instances book, and it costs no storage operation.
/// </summary>
internal static class Thresholds
{
    private static readonly int[] Percents = [50, 80, 100];

    /// <summary>The row with what was reached noted in it.</summary>
    /// <param name="row">As it is after the booking, in the window that was booked in.</param>
    /// <param name="lowCredit">Below how much an account has little left, in nano-dollars; 0 for never.</param>
    /// <param name="reached">Takes what was reached by this booking.</param>
    public static QuotaRow Note(QuotaRow row, long lowCredit, List<ReachedThreshold> reached)
    {
        var level = Level(row, lowCredit);
        if (level <= row.Noticed)
        {
            return row;
        }

        var passed = row.Key.Source is Account.Source
            ? [level]
            : Percents.Where(percent => percent > row.Noticed && percent <= level);
        reached.AddRange(passed.Select(
            percent => new ReachedThreshold(row.Key, row.Unit, row.Window, row.Limit, row.Used, percent)));
        return row with { Noticed = level };
    }

    /// <summary>The highest threshold that the row has reached; 0 where it has reached none, or has none.</summary>
    private static int Level(QuotaRow row, long lowCredit)
    {
        if (row.Key.Source is Account.Source)
        {
            return row.Limit > 0 && row.Limit - row.Used < lowCredit ? 100 : 0;
        }

        // What comes again within a minute is a pace and no amount: nobody could act on a notice of it.
        var isCounted = row.Unit is not LimitUnit.ConcurrentRequests && row.Limit is > 0 and < long.MaxValue
            && WindowSpan.KindOf(row.Window.Id)?.Window is not LimitWindow.Minute;
        return isCounted ? Percents.LastOrDefault(percent => (Int128)row.Used * 100 >= (Int128)row.Limit * percent) : 0;
    }
}

/// <summary>Describes the threshold that a booking has brought a limit, or an account, to.</summary>
/// <param name="Window">The window that was booked in.</param>
/// <param name="Amount">What the limit allows, or what was bought, in the limit's own unit.</param>
/// <param name="Used">What is used of it with this booking.</param>
/// <param name="Percent">50, 80 or 100; of an account with little left always 100.</param>
public sealed record ReachedThreshold(
    QuotaKey Quota, LimitUnit Unit, WindowSpan Window, long Amount, long Used, int Percent);
