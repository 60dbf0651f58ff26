namespace Freeway.Tests.Shared;

/// <summary>A clock that only moves when a test moves it; timers fire in order on the way.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _armed = [];
    private readonly List<(DateTimeOffset Due, TaskCompletionSource Armed)> _waiting = [];
    private DateTimeOffset _now = start;

    public ManualTime()
        : this(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, stopping at each timer that falls due to fire it at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (NextDue(until) is { } due)
        {
            due.Fire();
        }
    }

    public void AdvanceTo(DateTimeOffset moment) => Advance(moment - GetUtcNow());

    /// <summary>Waits until a timer is armed that falls due after just this time: then it is safe to move the clock. Gives up after 30 s of real time.</summary>
    public Task ArmedAsync(TimeSpan dueIn)
    {
        lock (_gate)
        {
            var due = _now + dueIn;
            if (_armed.Exists(timer => timer.Due == due))
            {
                return Task.CompletedTask;
            }

            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((due, armed));
            return armed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    internal void Arm(ManualTimer timer, TimeSpan? dueIn)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
            if (dueIn is { } wait)
            {
                timer.Due = _now + wait;
                _armed.Add(timer);
                _waiting.Where(wanted => wanted.Due == timer.Due).ToList().ForEach(wanted => wanted.Armed.TrySetResult());
            }
        }
    }

    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _armed.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            var moment = next?.Due ?? until;
            _now = moment > _now ? moment : _now;
            if (next is not null)
            {
                _armed.Remove(next);
            }

            return next;
        }
    }
}
