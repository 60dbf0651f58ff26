using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Closes past UTC days: their sums become final rows, stale quota entities are tidied, and a record says when and for how
/// many orgs. Every step brings rows up to what the activity says, so that it may run late, twice, half-way, or beside another
/// instance. Quota needs none of it. Outage stance: an org that cannot be closed is closed by a later run.
/// </summary>
public sealed class DayCloser(
    IKeyStore keys,
    IActivityStore activity,
    IUsageStore usage,
    IResetLog resets,
    IQuotaTidier quotas,
    DayClock clock,
    DayCloserOptions options,
    IEnumerable<IClosingStep> steps,
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
