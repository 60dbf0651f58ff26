namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A running clock that can be moved on: what waits on it then wakes as if the time had passed.</summary>
public sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<ShiftedTimer> _timers = [];
    private readonly DateTimeOffset _began = System.GetUtcNow();
    private TimeSpan _shift;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return start + (System.GetUtcNow() - _began) + _shift;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ShiftedTimer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on; timers that are due by then fire now.</summary>
    public void MoveOn(TimeSpan by)
    {
        ShiftedTimer[] timers;
        lock (_gate)
        {
            _shift += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Rearm();
        }
    }

    public void MoveTo(DateTimeOffset moment) => MoveOn(moment - GetUtcNow());

    internal void Forget(ShiftedTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }
}
