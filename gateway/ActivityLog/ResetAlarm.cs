using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Raises an alarm where no run has closed a day for 25 hours, so that the timer must be dead. Quota is right without
/// it, the daily usage is late.
/// </summary>
public sealed class ResetAlarm(IResetLog resets, DayClock clock) : IAlarm
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(25);

    /// <summary>
    /// The time at which this process started. Where no run is known, the first is due as long after this time as a run
    /// is after another.
    /// </summary>
    private readonly DateTimeOffset _started = clock.Calendar.GetUtcNow();

    public string Name => "reset_overdue";

    public string Remedy => "See why the timer DailyReset does not run; POST /api/v1/admin/resets closes now what is due.";

    public async Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        var last = (await resets.ListAsync(1, null, cancellation)) is [{ LastRunAt: { } at }, ..] ? at : (DateTimeOffset?)null;
        var since = (last ?? _started) + Longest;
        return clock.Calendar.GetUtcNow() <= since ? null
            : new AlarmStatus(since, last is null ? "No daily reset has run yet." : string.Create(CultureInfo.InvariantCulture, $"The last daily reset ran at {last.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."));
    }
}
