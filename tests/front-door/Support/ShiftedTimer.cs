namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A timer of <see cref="ShiftedTime"/>: a real one, set anew whenever the clock is moved.</summary>
internal sealed class ShiftedTimer : ITimer
{
    private readonly Lock _gate = new();
    private readonly ShiftedTime _clock;
    private readonly ITimer _real;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private DateTimeOffset? _due;

    public ShiftedTimer(ShiftedTime clock, TimerCallback callback, object? state)
    {
        _clock = clock;
        _real = TimeProvider.System.CreateTimer(
            _ =>
            {
                Fired();
                callback(state);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _period = period;
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
        }

        return Rearm();
    }

    /// <summary>Sets the real timer to what is left until the due time by the clock as it is now.</summary>
    public bool Rearm()
    {
        lock (_gate)
        {
            if (_due is not { } due)
            {
                return _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            var left = due - _clock.GetUtcNow();
            return _real.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _clock.Forget(this);
        _real.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fired()
    {
        lock (_gate)
        {
            _due = _period == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + _period;
        }

        Rearm();
    }
}
