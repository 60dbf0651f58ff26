namespace Freeway.Tests.Simulation.Scheduling;

/// <summary>One process's clock: its timers are the scheduler's, its calendar may go wrong.</summary>
public sealed class SimClock(Scheduler scheduler, SimProcess process, DateTimeOffset start) : TimeProvider
{
    /// <summary>By how much the calendar is ahead of the others.</summary>
    public TimeSpan Skew { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + scheduler.Now + Skew;

    public override long GetTimestamp() => scheduler.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(Scheduler scheduler, SimProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                scheduler.After(dueTime, process, () => Fire(setting, period));
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int setting, TimeSpan period)
        {
            if (setting != _setting)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                scheduler.After(period, process, () => Fire(setting, period));
            }

            callback(state);
        }
    }
}
