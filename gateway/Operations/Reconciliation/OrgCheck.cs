using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>
/// Compares one org's books with its records, in this order, so that what is certain can be told from what is under
/// way:
/// <list type="number">
/// <item>The ledger: counters with their ETags, then the request rows.</item>
/// <item>Wait until the queue is empty. Every request that was settled by then is now in the activity or was in the
/// outbox.</item>
/// <item>The days' sums, the records, the closed days, the days' sums again: sums that have not grown meanwhile are of
/// just these records. A closed day is a copy of its sums, so it is read before the sums are read again: then it has no
/// record that they lack.</item>
/// <item>The ledger's counters again: one with the same ETag was touched by nobody in between.</item>
/// </list>
/// A counter below its records is drift even where the queue was not empty: records come after their counters, never
/// before.
/// </summary>
/// <param name="look">The first step.</param>
/// <param name="drained">Whether the second ended well.</param>
internal sealed class OrgCheck(LedgerSnapshot look, bool drained, CheckedDays days, ReconciliationStores books, bool repair)
{
    private readonly List<Difference> _differences = [];
    private readonly RecordTally _tally = new(look, days.From);
    private int _checked;
    private int _busy;
    private int _unchecked;

    /// <exception cref="IOException">A store is out of reach; nothing was decided, and what was repaired is
    ///     right.</exception>
    public async Task<OrgReport> RunAsync(CancellationToken cancellation)
    {
        var old = await SumsAsync(days.FirstKept, days.From.AddMonths(-1), cancellation);
        var before = await SumsAsync(days.From, days.Last, cancellation);
        await CountAsync(cancellation);
        var closed = await books.Usage.ListAsync(look.Org, DateOnly.MinValue, DateOnly.MaxValue, cancellation);
        var after = await SumsAsync(days.From, days.Last, cancellation);
        var now = (await books.Ledger.ListQuotasAsync(look.Org, cancellation)).ToDictionary(row => row.Key);

        await CheckDaysAsync(before, after, closed, cancellation);
        long? spent = before.SequenceEqual(after) ? Spent([.. old, .. after, .. closed]) : null;
        foreach (var row in look.Quotas)
        {
            await CheckAsync(row, now.GetValueOrDefault(row.Key)?.ETag == row.ETag, spent, cancellation);
        }

        return new OrgReport(look.Org, _differences, _checked, _busy, _unchecked);
    }

    private async Task CountAsync(CancellationToken cancellation)
    {
        var query = new ActivityQuery(ActivityQuery.MaxLimit, From: days.Start - books.Options.AdmissionSkew);
        for (ActivityCursor? after = null; ;)
        {
            var page = await books.Activity.QueryAsync(look.Org, query with { After = after }, cancellation);
            foreach (var record in page.Records)
            {
                _tally.Add(record);
            }

            if (page.NextCursor is not { } next || !ActivityCursor.TryParse(next, out var place))
            {
                break;
            }

            after = place;
        }

        _tally.AddWaiting();
    }

    /// <summary>The running sums of these months.</summary>
    private async Task<List<DailyUsage>> SumsAsync(DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var sums = new List<DailyUsage>();
        for (var month = CheckedDays.First(first); month <= CheckedDays.First(last); month = month.AddMonths(1))
        {
            sums.AddRange(await books.Activity.SumsOfMonthAsync(look.Org, month, null, cancellation));
        }

        return sums;
    }

    /// <summary>
    /// Adds up all that was ever charged: of the days that were looked through by their records, of those before by
    /// their sums.
    /// </summary>
    private long Spent(IEnumerable<DailyUsage> sums) =>
        _tally.Sums.Sum(sum => sum.CostNanos) + _tally.WaitingCost
        + sums.Where(sum => sum.Day < days.From).GroupBy(KeyOf).Sum(same => same.MaxBy(sum => sum.Requests)!.CostNanos);

    private async Task CheckDaysAsync(
        IReadOnlyList<DailyUsage> before, IReadOnlyList<DailyUsage> after, IReadOnlyList<DailyUsage> final, CancellationToken cancellation)
    {
        var (began, ended, right, closed) = (Within(before), Within(after), Within(_tally.Sums), Within(final));
        foreach (var key in right.Keys.Union(ended.Keys).Union(closed.Keys).OrderBy(key => (key.Day, key.Tier, key.Model, key.Key)))
        {
            if (began.GetValueOrDefault(key) != ended.GetValueOrDefault(key))
            {
                _busy++;
                continue;
            }

            _checked++;
            var truth = right.GetValueOrDefault(key) ?? new DailyUsage(look.Org, key.Day, key.Model, key.Tier, key.Key);
            await CompareAsync(BookKind.Sums, books.Activity, truth, ended.GetValueOrDefault(key), Certainty.Drift, cancellation);
            if (key.Day < days.Today)
            {
                var stored = closed.GetValueOrDefault(key);
                var mayComeYet = (stored?.Requests ?? 0) < truth.Requests && key.Day >= days.Today.AddDays(-books.LookBackDays);
                await CompareAsync(BookKind.ClosedDay, books.Usage, truth, stored, mayComeYet ? Certainty.InFlight : Certainty.Drift, cancellation);
            }
        }
    }

    private async Task CompareAsync(BookKind book, ISumCorrection correction, DailyUsage right, DailyUsage? stored, Certainty certainty, CancellationToken cancellation)
    {
        var empty = new DailyUsage(right.Org, right.Day, right.Model, right.Tier, right.Key);
        if ((stored ?? empty) == right)
        {
            return;
        }

        var repaired = repair && certainty is Certainty.Drift && await correction.TryCorrectAsync(right, stored, cancellation);
        foreach (var (figure, has, should) in Figures(stored ?? empty, right).Where(one => one.Has != one.Should))
        {
            _differences.Add(new Difference(
                book, look.Org, $"{right.Tier}|{right.Model}|{right.Key}", right.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), figure, has, should, certainty)
            { Repaired = repaired });
        }
    }

    private async Task CheckAsync(QuotaRow row, bool untouched, long? spent, CancellationToken cancellation)
    {
        var account = row.Key.Source is Account.Source;
        if (row.Unit is LimitUnit.ConcurrentRequests || row.Window.ResetsAt <= look.Done)
        {
            // Leases are not booked, and a window that has passed counts for nothing.
            return;
        }

        if (!untouched || (account && spent is null))
        {
            _busy++;
            return;
        }

        _checked++;
        var right = row with { Reserved = look.Held(row) };
        var found = new List<Difference>();
        Note(found, row, "reserved", row.Reserved, right.Reserved, Certainty.Drift);
        if (account)
        {
            right = right with { Limit = look.Purchases.Sum(purchase => purchase.Nanos) };
            Note(found, row, "bought", row.Limit, right.Limit, Certainty.Drift);
        }

        if (Used(row, spent) is { } used)
        {
            var certainty = drained || used > row.Used ? Certainty.Drift : Certainty.InFlight;
            Note(found, row, "used", row.Used, used, certainty);
            right = certainty is Certainty.Drift ? right with { Used = used } : right;
        }
        else
        {
            _unchecked++;
        }

        var repaired = repair && right != row
            && (await books.Ledger.CommitAsync(look.Org, [new LedgerWrite.PutQuota(right)], cancellation)).Verdict is CommitVerdict.Committed;
        _differences.AddRange(found.Select(one => one with { Repaired = repaired && one.Certainty is Certainty.Drift }));
    }

    /// <summary>Computes the use of a counter from the records; null where they do not tell all of it.</summary>
    private long? Used(QuotaRow row, long? spent)
    {
        if (row.Key.Source is Account.Source)
        {
            // One that has waited for longer than was looked through may have come in long ago, and is counted then.
            return _tally.FirstWaiting < days.Start - books.Options.AdmissionSkew ? null : spent;
        }

        if (row.Unit is LimitUnit.EndUserRows)
        {
            // A reservation that was given back has no record, and the counters that it began are there.
            return null;
        }

        return WindowSpan.BeginsAt(row.Window.Id) is { } start && start >= days.Start && _tally.TellsFrom(start - books.Options.AdmissionSkew) ? _tally.Booked(row) : null;
    }

    private void Note(List<Difference> found, QuotaRow row, string figure, long stored, long expected, Certainty certainty)
    {
        if (stored != expected)
        {
            found.Add(new Difference(
                row.Key.Source is Account.Source ? BookKind.Account : BookKind.Counter, look.Org, $"{row.Key.Source}|{row.Key.Subject}", row.Window.Id, figure, stored, expected, certainty));
        }
    }

    private Dictionary<(DateOnly Day, string Model, string Tier, string Key), DailyUsage> Within(IEnumerable<DailyUsage> sums) =>
        sums.Where(sum => sum.Day >= days.From).ToDictionary(KeyOf);

    private static (DateOnly Day, string Model, string Tier, string Key) KeyOf(DailyUsage sum) => (sum.Day, sum.Model, sum.Tier, sum.Key);

    private static IEnumerable<(string Figure, long Has, long Should)> Figures(DailyUsage stored, DailyUsage right) =>
    [
        ("requests", stored.Requests, right.Requests),
        ("prompt_tokens", stored.PromptTokens, right.PromptTokens),
        ("completion_tokens", stored.CompletionTokens, right.CompletionTokens),
        ("total_tokens", stored.TotalTokens, right.TotalTokens),
        ("cached_tokens", stored.CachedTokens, right.CachedTokens),
        ("reasoning_tokens", stored.ReasoningTokens, right.ReasoningTokens),
        ("gifted_tokens", stored.GiftedTokens, right.GiftedTokens),
        ("billed_tokens", stored.BilledTokens, right.BilledTokens),
        ("images", stored.Images, right.Images),
        ("characters", stored.Characters, right.Characters),
        ("seconds", stored.Seconds, right.Seconds),
        ("cost_nanos", stored.CostNanos, right.CostNanos),
    ];
}

/// <summary>Says which days' records a run looks through: from the first up to today.</summary>
/// <param name="FirstKept">Before it there are no records any more.</param>
internal readonly record struct CheckedDays(DateOnly From, DateOnly Today, DateOnly FirstKept)
{
    /// <summary>The first moment.</summary>
    public DateTimeOffset Start => new(From, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>
    /// The last day of which there can be records when the run ends: midnight may pass, and other clocks may be ahead.
    /// </summary>
    public DateOnly Last => Today.AddDays(1);

    /// <summary>The first day of a day's month.</summary>
    public static DateOnly First(DateOnly day) => day.AddDays(1 - day.Day);
}
