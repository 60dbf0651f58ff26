using System.Collections.Concurrent;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>
/// Counts the books anew from the records and says where they differ; see docs/usage.md for what is drift and what is
/// only under way. Comparing changes nothing; repairing writes what the records say, each row under the ETag with which
/// it was compared, so that it may run beside requests, closings and another repair, and die at any point.
/// </summary>
public sealed class Reconciler(
    IKeyStore keys,
    IActivityStore activity,
    IUsageStore usage,
    ILedgerStore ledger,
    IActivityBacklog backlog,
    ActivityRetention retention,
    ReconciliationOptions options,
    DayCloserOptions closer,
    DayClock clock,
    LastReconciliation last,
    ILogger<Reconciler> logger)
{
    /// <summary>The most days that a run looks through.</summary>
    public const int MostDays = 400;

    private readonly ReconciliationStores _books = new(activity, usage, ledger, options, closer.LookBackDays);

    /// <summary>
    /// Compares the books of all orgs; what it finds is what <see cref="LastReconciliation"/> tells from then on.
    /// </summary>
    /// <param name="days">How many days' records are looked through, today included: 1 to
    ///     <see cref="MostDays"/>.</param>
    /// <param name="repair">Whether drift is repaired.</param>
    /// <exception cref="IOException">The orgs are out of reach; an org that is, is counted as failed.</exception>
    public async Task<ReconciliationReport> RunAsync(int days, bool repair, CancellationToken cancellation)
    {
        var report = await RunAsync(keys.ListOrgsAsync(cancellation).Select(org => org.Id), days, repair, cancellation);
        last.Report = report;
        if (report.Drift > 0)
        {
            ReconciliationLog.Drift(logger, report.Drift, report.Orgs, report.Repaired);
        }
        else
        {
            ReconciliationLog.NoDrift(logger, report.Orgs, report.InFlight, report.Busy, report.Unchecked);
        }

        return report;
    }

    /// <summary>
    /// Compares the books of one org. The result is not kept as the last run's, and nothing else is told of it.
    /// </summary>
    public Task<ReconciliationReport> RunAsync(string org, int days, bool repair, CancellationToken cancellation) =>
        RunAsync(new[] { org }.ToAsyncEnumerable(), days, repair, cancellation);

    private async Task<ReconciliationReport> RunAsync(IAsyncEnumerable<string> orgs, int days, bool repair, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var at = clock.Calendar.GetUtcNow();
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        var (from, kept) = (today.AddDays(1 - days), retention.FirstKept(today));
        var range = new CheckedDays(from > kept ? from : kept, today, kept);
        var reports = new ConcurrentBag<OrgReport>();
        var failed = 0;
        await foreach (var some in orgs.Chunk(options.OrgsTogether).WithCancellation(cancellation))
        {
            var looks = new ConcurrentBag<LedgerSnapshot>();
            failed += await EachAsync(
                some, org => org, async (org, token) => looks.Add(await LedgerSnapshot.TakeAsync(ledger, org, clock.Calendar, token)), cancellation);
            var drained = await DrainedAsync(cancellation);
            failed += await EachAsync(
                looks, look => look.Org,
                async (look, token) => reports.Add(await new OrgCheck(look, drained, range, _books, repair).RunAsync(token)),
                cancellation);
        }

        return ReconciliationReport.Of(at, range.From, today, reports, failed);
    }

    /// <summary>
    /// Waits until the queue is empty, or patience ends: then all that was in it has been written. It goes by no clock:
    /// the broker's may show another time. A broker out of reach has written nothing.
    /// </summary>
    private async Task<bool> DrainedAsync(CancellationToken cancellation)
    {
        for (var began = clock.Waits.GetTimestamp(); ;)
        {
            try
            {
                if (await backlog.IsEmptyAsync(cancellation))
                {
                    return true;
                }
            }
            catch (IOException outage)
            {
                ReconciliationLog.QueueUnknown(logger, outage.Message);
                return false;
            }

            if (clock.Waits.GetElapsedTime(began) >= options.Patience)
            {
                return false;
            }

            await Task.Delay(options.LookEvery, clock.Waits, cancellation);
        }
    }

    /// <returns>How many could not be reached.</returns>
    private async Task<int> EachAsync<T>(IEnumerable<T> all, Func<T, string> org, Func<T, CancellationToken, Task> run, CancellationToken cancellation)
    {
        var failed = 0;
        await SideBySide.ForEachAsync(
            all,
            options.OrgsAtOnce,
            async (one, token) =>
            {
                try
                {
                    await run(one, token);
                }
                catch (IOException outage)
                {
                    Interlocked.Increment(ref failed);
                    ReconciliationLog.OrgFailed(logger, org(one), outage.Message);
                }
            },
            cancellation);
        return failed;
    }
}

/// <summary>Configures how the books are compared.</summary>
public sealed class ReconciliationOptions
{
    /// <summary>The number of orgs that are compared at once.</summary>
    public int OrgsAtOnce { get; set; } = 4;

    /// <summary>The number of orgs whose ledgers are read before the run waits for the queue.</summary>
    public int OrgsTogether { get; set; } = 100;

    /// <summary>The longest time that a run waits until the records that were in the queue have come in.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two looks whether the queue is empty.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The time by which a record may be older than its window: a request is admitted some seconds after it has come,
    /// and by the latest clock of all instances.
    /// </summary>
    public TimeSpan AdmissionSkew { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Holds the stores of the books, and the options by which they are compared.</summary>
/// <param name="LookBackDays">How many past days every closing looks at again; what comes late there is no
///     drift.</param>
internal sealed record ReconciliationStores(IActivityStore Activity, IUsageStore Usage, ILedgerStore Ledger, ReconciliationOptions Options, int LookBackDays);

/// <summary>Compares the books of all orgs over yesterday and today, and repairs nothing.</summary>
public sealed class DailyReconciliation(Reconciler reconciler) : IDayClosingStep
{
    private const int Days = 2;

    public Task RunAsync(CancellationToken cancellation) => reconciler.RunAsync(Days, repair: false, cancellation);
}

/// <summary>Keeps the report of the last run over all orgs in this process, for gauges.</summary>
public sealed class LastReconciliation
{
    private volatile ReconciliationReport? _report;

    /// <summary>Gets the report of the last run; null before the first.</summary>
    public ReconciliationReport? Report
    {
        get => _report;
        internal set => _report = value;
    }
}
