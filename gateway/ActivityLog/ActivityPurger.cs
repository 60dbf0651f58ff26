using System.Globalization;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Takes away activity that is older than it is kept, month by month; the sums of its days stay for ever. It may run late,
/// twice, half-way, or beside another instance.
/// </summary>
public sealed class ActivityPurger(
    IKeyStore keys, IActivityPurge purge, IUsageStore usage, IQuotaTidier quotas, ActivityRetention retention, DayClock clock, Filing filing, ILogger<ActivityPurger> logger)
    : IClosingStep
{
    private const int OrgsAtOnce = 4;

    /// <summary>Once a day; what it took is noted in the audit.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var report = await RunAsync(dryRun: false, cancellation);
        if (report.Months > 0)
        {
            await NoteAsync(Command.OfFreeway, report, cancellation);
        }
    }

    /// <param name="dryRun">Whether nothing is taken, only counted.</param>
    /// <exception cref="IOException">The orgs are out of reach; an org that is, is counted as failed.</exception>
    public async Task<PurgeReport> RunAsync(bool dryRun, CancellationToken cancellation)
    {
        var now = clock.Calendar.GetUtcNow();
        var kept = retention.FirstKept(DateOnly.FromDateTime(now.UtcDateTime));
        var gate = new Lock();
        var report = new PurgeReport(kept, dryRun, 0, 0, 0, PurgedRows.None);
        await SideBySide.ForEachAsync(
            keys.ListOrgsAsync(cancellation),
            OrgsAtOnce,
            async (org, token) =>
            {
                var (months, rows, failed) = await PurgeAsync(org.Id, kept, now, dryRun, token);
                lock (gate)
                {
                    report = report with { Orgs = report.Orgs + 1, Failed = report.Failed + (failed ? 1 : 0), Months = report.Months + months, Rows = report.Rows + rows };
                }
            },
            cancellation);
        ActivityLogMessages.Purged(logger, report.Months, kept, report.Rows.Records, report.Failed, dryRun);
        return report;
    }

    /// <summary>Notes for the audit what was taken.</summary>
    /// <exception cref="IOException">The audit is out of reach.</exception>
    public Task NoteAsync(Command command, PurgeReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var taken = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"kept_from":"{{report.KeptFrom:yyyy-MM-dd}}","months":{{report.Months}},"records":{{report.Rows.Records}},"refusals":{{report.Rows.Refusals}},"sums":{{report.Rows.Sums}}}""");
        return filing.NoteAsync(command with { IdempotencyKey = null }, "books.purged", new Subject(SubjectKind.Books, "activity"), null, taken, cancellation);
    }

    private async Task<(int Months, PurgedRows Rows, bool Failed)> PurgeAsync(string org, DateOnly kept, DateTimeOffset now, bool dryRun, CancellationToken cancellation)
    {
        var (done, rows) = (0, PurgedRows.None);
        try
        {
            foreach (var month in await purge.MonthsAsync(org, kept, cancellation))
            {
                rows += dryRun
                    ? await purge.CountAsync(org, month, cancellation)
                    : await purge.DropAsync(org, month, sums => KeepAsync(org, sums, cancellation), cancellation);
                done++;
            }

            if (!dryRun)
            {
                await quotas.TidyAsync(org, now, cancellation);
            }

            return (done, rows, false);
        }
        catch (IOException outage)
        {
            ActivityLogMessages.NotPurged(logger, org, outage.Message);
            return (done, rows, true);
        }
    }

    /// <summary>A day that no closing has seen, e.g. because the timer was dead, is closed now.</summary>
    private async Task KeepAsync(string org, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation)
    {
        foreach (var day in sums.GroupBy(sum => sum.Day))
        {
            await usage.SaveAsync(org, day.Key, [.. day], cancellation);
        }
    }
}
