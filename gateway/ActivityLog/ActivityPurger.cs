using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Takes away activity that is older than it is kept, month by month; the sums of its days stay for ever. It may run
/// late, twice, half-way, or beside another instance.
/// </summary>
public sealed class ActivityPurger(
    IKeyStore keys, IActivityPurge purge, IUsageStore usage, IQuotaCleanup quotas, ActivityRetention retention, DayClock clock, DocumentWriter writer, ILogger<ActivityPurger> logger)
    : IDayClosingStep
{
    private const int OrgsAtOnce = 4;

    /// <summary>Once a day; what it took is noted in the audit.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var report = await RunAsync(dryRun: false, cancellation);
        if (report.Months > 0)
        {
            await NoteAsync(AdminCommand.OfFreeway, report, cancellation);
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
    public Task NoteAsync(AdminCommand command, PurgeReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var taken = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"kept_from":"{{report.KeptFrom:yyyy-MM-dd}}","months":{{report.Months}},"records":{{report.Rows.Records}},"refusals":{{report.Rows.Refusals}},"sums":{{report.Rows.Sums}}}""");
        return writer.NoteAsync(command with { IdempotencyKey = null }, "books.purged", new Subject(SubjectKind.Books, "activity"), null, taken, cancellation);
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

/// <summary>Reports what a purge has deleted; a dry run reports what it would delete.</summary>
/// <param name="KeptFrom">The first day whose records stay.</param>
/// <param name="Orgs">That were looked at.</param>
/// <param name="Failed">That could not be; the next run does.</param>
/// <param name="Months">How many months of orgs.</param>
public sealed record PurgeReport(DateOnly KeptFrom, bool DryRun, int Orgs, int Failed, int Months, PurgedRows Rows);

/// <summary>
/// Takes whole months of an org's activity away. Safe half-way and beside another instance: what is gone is gone, what
/// is left is taken by the next run. Outage stance: it throws.
/// </summary>
public interface IActivityPurge
{
    /// <summary>The months before this one that still have rows, oldest first.</summary>
    /// <param name="before">The first day of a month.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<DateOnly>> MonthsAsync(string org, DateOnly before, CancellationToken cancellation);

    /// <summary>Counts what <see cref="DropAsync"/> would take.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<PurgedRows> CountAsync(string org, DateOnly month, CancellationToken cancellation);

    /// <summary>
    /// Takes a month's records and refusals, then its sums, each only as it was read: one that has grown meanwhile
    /// stays.
    /// </summary>
    /// <param name="keep">Called with the sums before they go; what they say must be kept elsewhere when it
    ///     ends.</param>
    /// <exception cref="IOException">The store is out of reach, or <paramref name="keep"/> threw it.</exception>
    Task<PurgedRows> DropAsync(string org, DateOnly month, Func<IReadOnlyList<DailyUsage>, Task> keep, CancellationToken cancellation);
}

/// <summary>Counts the rows of the activity log that a purge has deleted.</summary>
public sealed record PurgedRows(long Records, long Refusals, long Sums)
{
    public static PurgedRows None { get; } = new(0, 0, 0);

    public static PurgedRows operator +(PurgedRows one, PurgedRows other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Records + other.Records, one.Refusals + other.Refusals, one.Sums + other.Sums);
    }
}

/// <summary>Says for how long activity records are kept. Sums of closed days stay for ever.</summary>
/// <param name="Months">How many whole calendar months before the current one: 1 to 120.</param>
public sealed record ActivityRetention(int Months = ActivityRetention.Usual)
{
    public const int Usual = 13;
    public const int Least = 1;
    public const int Most = 120;

    /// <summary>The first day whose records are kept.</summary>
    public DateOnly FirstKept(DateOnly today) => today.AddDays(1 - today.Day).AddMonths(-Months);
}
