using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Closes past UTC days: their sums become final rows, stale quota entities are tidied, and a record says when and for
/// how many orgs. Every step brings rows up to what the activity says, so that it may run late, twice, half-way, or
/// beside another instance. Quota needs none of it. Outage stance: an org that cannot be closed is closed by a later
/// run.
/// </summary>
public sealed class DayCloser(
    IKeyStore keys,
    IActivityStore activity,
    IUsageStore usage,
    IResetLog resets,
    IQuotaCleanup quotas,
    DayClock clock,
    DayCloserOptions options,
    IEnumerable<IDayClosingStep> steps,
    ILogger<DayCloser> logger)
{
    /// <summary>Closes what is not closed yet, and looks again at the days before for records that came late.</summary>
    /// <exception cref="IOException">The orgs or the reset log are out of reach.</exception>
    public async Task<DayClosing> RunAsync(CancellationToken cancellation)
    {
        var began = clock.Calendar.GetUtcNow();
        var yesterday = DateOnly.FromDateTime(began.UtcDateTime).AddDays(-1);
        var (days, open) = await DueAsync(yesterday, cancellation);
        foreach (var day in open)
        {
            await resets.ChangeAsync(day, reset => reset.Begin(began), cancellation);
        }

        var tally = new ClosingTally();
        var failed = await CloseAsync(keys.ListOrgsAsync(cancellation), days, tally, cancellation);
        for (var tries = 1; tries < options.Tries && failed.Count > 0; tries++)
        {
            await Task.Delay(options.Pause, clock.Waits, cancellation);
            failed = await CloseAsync(failed.ToAsyncEnumerable(), days, tally, cancellation);
        }

        foreach (var day in days.Where(day => open.Contains(day) || tally.RowsOf(day) > 0))
        {
            await resets.ChangeAsync(
                day, reset => reset.End(began, clock.Calendar.GetUtcNow(), tally.Orgs, failed.Count, tally.RowsOf(day)), cancellation);
        }

        ActivityLogMessages.DaysClosed(logger, days.Count, yesterday, tally.Orgs, tally.Rows, tally.Tidied);
        if (failed.Count > 0)
        {
            ActivityLogMessages.OrgsNotClosed(logger, failed.Count, yesterday);
        }

        await FollowAsync(cancellation);
        return new DayClosing(days, tally.Orgs, failed.Count, tally.Rows, tally.Tidied);
    }

    /// <summary>The days are closed whatever becomes of the rest.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
            try
            {
                await step.RunAsync(cancellation);
            }
            catch (IOException outage)
            {
                ActivityLogMessages.StepFailed(logger, step.GetType().Name, outage.Message);
            }
        }
    }

    /// <summary>The days to look at, old to new, and those among them that this run is to close.</summary>
    private async Task<(IReadOnlyList<DateOnly> Days, IReadOnlySet<DateOnly> Open)> DueAsync(DateOnly yesterday, CancellationToken cancellation)
    {
        var known = await resets.ListAsync(options.CatchUpDays, yesterday.AddDays(1), cancellation);
        var closed = known.Where(reset => reset.ClosedAt is not null).Select(reset => reset.Day).ToHashSet();
        var lookBack = yesterday.AddDays(1 - options.LookBackDays);
        var catchUp = yesterday.AddDays(1 - options.CatchUpDays);
        var begun = known.Count is 0 ? lookBack : known.Min(reset => reset.Day);
        var first = begun > lookBack ? lookBack : begun < catchUp ? catchUp : begun;

        var days = Enumerable.Range(0, yesterday.DayNumber - first.DayNumber + 1)
            .Select(first.AddDays)
            .Where(day => day >= lookBack || !closed.Contains(day))
            .ToArray();
        return (days, days.Where(day => day == yesterday || !closed.Contains(day)).ToHashSet());
    }

    /// <returns>The orgs that could not be closed.</returns>
    private async Task<IReadOnlyCollection<Org>> CloseAsync(
        IAsyncEnumerable<Org> orgs, IReadOnlyList<DateOnly> days, ClosingTally tally, CancellationToken cancellation)
    {
        var failed = new ConcurrentBag<Org>();
        await SideBySide.ForEachAsync(
            orgs,
            options.Orgs,
            async (org, token) =>
            {
                try
                {
                    foreach (var day in days)
                    {
                        var sums = await activity.SumsAsync(org.Id, day, token);
                        tally.Saved(day, await usage.SaveAsync(org.Id, day, sums, token));
                    }

                    tally.Closed(await quotas.TidyAsync(org.Id, clock.Calendar.GetUtcNow(), token));
                }
                catch (IOException outage)
                {
                    ActivityLogMessages.OrgNotClosed(logger, org.Id, outage.Message);
                    failed.Add(org);
                }
            },
            cancellation);
        return failed;
    }
}

/// <summary>Configures how the timer closes past days.</summary>
public sealed class DayCloserOptions
{
    /// <summary>
    /// The number of past days that each run looks at again, for records that arrived after their day was closed. 1 to
    /// 31.
    /// </summary>
    public int LookBackDays { get; set; } = 3;

    /// <summary>
    /// The most days back that a run catches up when the timer was dead. At least <see cref="LookBackDays"/>.
    /// </summary>
    public int CatchUpDays { get; set; } = 35;

    /// <summary>The number of orgs that are closed at once.</summary>
    public int Orgs { get; set; } = 8;

    /// <summary>The number of times that one run tries an org that cannot be closed.</summary>
    public int Tries { get; set; } = 3;

    /// <summary>The pause before a run tries again the orgs that could not be closed.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>Reports what one run of the closer did.</summary>
/// <param name="Days">The days it closed or looked at again, old to new.</param>
/// <param name="Orgs">For how many orgs.</param>
/// <param name="FailedOrgs">For how many it could not; the next run does.</param>
/// <param name="Rows">How many rows of sums it wrote: none where nothing had changed.</param>
/// <param name="Tidied">How many stale quota entities it reset.</param>
public sealed record DayClosing(IReadOnlyList<DateOnly> Days, int Orgs, int FailedOrgs, int Rows, int Tidied);

/// <summary>
/// Represents work that is done once a day when the days are closed. It must be safe late, twice, half-way, and beside
/// another instance.
/// </summary>
public interface IDayClosingStep
{
    /// <exception cref="IOException">It could not be done; the next closing does it.</exception>
    Task RunAsync(CancellationToken cancellation);
}

/// <summary>Adds up what a run of the closer has done so far; orgs are closed side by side.</summary>
internal sealed class ClosingTally
{
    private readonly ConcurrentDictionary<DateOnly, int> _rows = [];
    private int _orgs;
    private int _tidied;

    public int Orgs => _orgs;

    public int Tidied => _tidied;

    public int Rows => _rows.Values.Sum();

    public int RowsOf(DateOnly day) => _rows.GetValueOrDefault(day);

    public void Saved(DateOnly day, int rows) => _rows.AddOrUpdate(day, rows, (_, before) => before + rows);

    public void Closed(int tidied)
    {
        Interlocked.Increment(ref _orgs);
        Interlocked.Add(ref _tidied, tidied);
    }
}

/// <summary>The closer's two sorts of time: a virtual calendar must not hold up a wait for storage.</summary>
/// <param name="Calendar">Says which day it is.</param>
/// <param name="Waits">Measures pauses.</param>
public sealed record DayClock(TimeProvider Calendar, TimeProvider Waits);
