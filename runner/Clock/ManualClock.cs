namespace Freeway.Runner.Clock;

/// <summary>
/// A clock whose calendar stands still until it is moved forward, so that midnight or a month can be tried by hand.
/// Waits go on in real time, and a move shortens them as if its time had passed: a pause of an hour is over after a
/// move of an hour.
/// </summary>
/// <param name="start">The moment that the calendar shows at first.</param>
/// <param name="real">The clock that waits go by; null for the system's.</param>
/// <remarks>
/// The calendar must stand: only then is a request admitted after exactly the time that a refusal named, and never
/// before. The waits must not: a time-out, a heartbeat or a retry would hang until somebody moves the clock.
/// </remarks>
public sealed class ManualClock(DateTimeOffset start, TimeProvider? real = null) : TimeProvider
{
    private readonly TimeProvider _real = real ?? System;
    private readonly Lock _gate = new();
    private readonly HashSet<ManualTimer> _armed = [];
    private readonly DateTimeOffset _start = start.ToUniversalTime();
    private long _movedTicks;

    /// <summary>Hears where the calendar is about to be moved to.</summary>
    public event Action<DateTimeOffset>? Moving;

    /// <summary>UTC.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The real clock's.</summary>
    public override long TimestampFrequency => _real.TimestampFrequency;

    private TimeSpan Moved => new(Interlocked.Read(ref _movedTicks));

    private TimeSpan Elapsed => GetElapsedTime(0);

    /// <summary>The moment at which the calendar stands.</summary>
    public override DateTimeOffset GetUtcNow() => _start + Moved;

    /// <summary>Real time, and all that the clock was moved by.</summary>
    public override long GetTimestamp() =>
        _real.GetTimestamp() + (long)((Int128)Moved.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>A timer that fires after so much real time, less what the clock is moved by meanwhile.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the calendar forward; timers that are due by then fire now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would move back, or not at all.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(by, TimeSpan.Zero);
        Moving?.Invoke(GetUtcNow() + by);
        lock (_gate)
        {
            Interlocked.Add(ref _movedTicks, by.Ticks);
            foreach (var timer in _armed.OrderBy(timer => timer.Due).ToList())
            {
                timer.Arm();
            }
        }
    }

    /// <summary>
    /// A real timer, set anew whenever the clock is moved. All that it holds is guarded by the clock's gate.
    /// </summary>
    private sealed class ManualTimer : ITimer
    {
        /// <summary>Longer waits are cut into pieces: a real timer ends at 49 days.</summary>
        private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

        private readonly ManualClock _clock;
        private readonly ITimer _timer;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public ManualTimer(ManualClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = clock._real.CreateTimer(
                _ =>
                {
                    if (TryFire())
                    {
                        callback(state);
                    }
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        /// <summary>
        /// Gets the time at which the timer is due, on the scale of <see cref="Elapsed"/>; null while it is not set.
        /// </summary>
        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.Elapsed + dueTime;
                return Arm();
            }
        }

        /// <summary>Sets the real timer to what is left of the wait.</summary>
        /// <returns>False once it is disposed.</returns>
        public bool Arm()
        {
            if (Due is not { } due)
            {
                _clock._armed.Remove(this);
                return _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            _clock._armed.Add(this);
            var left = due - _clock.Elapsed;
            // A real timer counts whole milliseconds. Rounded up, or it would come early and be set again and again.
            var wait = left <= TimeSpan.Zero ? TimeSpan.Zero
                : left > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            return _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_clock._gate)
            {
                Due = null;
                _clock._armed.Remove(this);
            }

            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>
        /// Takes the timer's turn and returns true, or returns false where the real timer came too early, or twice
        /// because a move set it just as it fired.
        /// </summary>
        private bool TryFire()
        {
            lock (_clock._gate)
            {
                if (Due is not { } due)
                {
                    return false;
                }

                var isDue = due <= _clock.Elapsed;
                if (isDue)
                {
                    Due = _period > TimeSpan.Zero ? _clock.Elapsed + _period : null;
                }

                Arm();
                return isDue;
            }
        }
    }
}
