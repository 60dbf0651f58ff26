using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

/// <summary>How long the loop that leases waits for a store that is out of reach.</summary>
public sealed class LeaseBackOffTests
{
    private static readonly BoundLimit First = AllowanceWorld.Limit(100);
    private static readonly BoundLimit Second = AllowanceWorld.Limit(100, LimitWindow.Month);

    [Fact]
    public async Task BackOff_AfterAnOutageAndACommit_StartsAnew()
    {
        var time = new NotedWaits();
        var instance = new AllowanceWorld().Instance(clock: time);
        var failures = 5;
        instance.Way.Reading = () => failures-- > 0 ? throw new IOException("out of reach") : Task.CompletedTask;

        await instance.TakeAsync(First);
        var during = time.Waits.ToList();
        failures = 1;
        await instance.TakeAsync(Second);

        during.Count.ShouldBe(5);
        during[4].ShouldBeGreaterThan(TimeSpan.FromMilliseconds(100), "it doubles while the outage lasts");
        time.Waits.Count.ShouldBe(6);
        time.Waits[5].ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(20), "a commit ended the outage");
    }

    /// <summary>A clock on which every wait is over at once, and is noted.</summary>
    private sealed class NotedWaits : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            _now += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
