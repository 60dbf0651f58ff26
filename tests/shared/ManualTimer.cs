namespace Freeway.Tests.Shared;

/// <summary>A timer of <see cref="ManualTime"/>: due at once it still waits for the clock to be moved, be it by nothing.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _disposed;

    internal DateTimeOffset Due { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        if (_disposed)
        {
            return false;
        }

        time.Arm(this, dueTime == Timeout.InfiniteTimeSpan ? null : dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        time.Arm(this, null);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_period > TimeSpan.Zero)
        {
            time.Arm(this, _period);
        }

        callback(state);
    }
}
