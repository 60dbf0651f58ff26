using Freeway.Runner.Clock;

namespace Freeway.Runner.Tests.Clock;

public sealed class ManualClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 31, 23, 58, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new(Start);

    [Fact]
    public async Task Calendar_WhileWaitsGoOn_StandsStill()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(30), _clock);

        _clock.GetUtcNow().ShouldBe(Start);
        _clock.LocalTimeZone.ShouldBe(TimeZoneInfo.Utc);
    }

    [Fact]
    public async Task Wait_OfAnHour_IsOverAfterAMoveOfAnHourAndNotBefore()
    {
        var wait = Task.Delay(TimeSpan.FromHours(1), _clock);
        _clock.Advance(TimeSpan.FromMinutes(50));
        var early = wait.IsCompleted;
        _clock.Advance(TimeSpan.FromMinutes(10));
        await wait;

        early.ShouldBeFalse();
        _clock.GetUtcNow().ShouldBe(Start.AddHours(1));
    }

    /// <summary>Longer than a timer of the system can wait.</summary>
    [Fact]
    public async Task Wait_OfAQuarter_IsOverAfterAMoveOfAQuarter()
    {
        var timer = new PeriodicTimer(TimeSpan.FromDays(45), _clock);
        using var delay = new CancellationTokenSource(TimeSpan.FromDays(45), _clock);
        _clock.Advance(TimeSpan.FromDays(90));

        (await timer.WaitForNextTickAsync()).ShouldBeTrue();
        await Task.Delay(Timeout.InfiniteTimeSpan, delay.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        delay.IsCancellationRequested.ShouldBeTrue();
        timer.Dispose();
    }

    [Fact]
    public void ElapsedTime_OverAMove_CountsIt()
    {
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromDays(30));

        var elapsed = _clock.GetElapsedTime(began);

        elapsed.ShouldBeInRange(TimeSpan.FromDays(30), TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Timer_FiredByAMove_FiresOnce()
    {
        var fired = 0;
        var first = new TaskCompletionSource();
        await using (_clock.CreateTimer(
            _ =>
            {
                Interlocked.Increment(ref fired);
                first.TrySetResult();
            },
            null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan))
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _clock.Advance(TimeSpan.FromMinutes(1));
            await first.Task;
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), _clock);
        }

        fired.ShouldBe(1);
    }

    [Fact]
    public void Timer_ThatIsDisposed_CannotBeSet()
    {
        var timer = _clock.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();

        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).ShouldBeFalse();
    }

    [Fact]
    public void Moving_IsHeardBeforeTheCalendarShowsIt()
    {
        var heard = new List<(DateTimeOffset To, DateTimeOffset Shown)>();
        _clock.Moving += to => heard.Add((to, _clock.GetUtcNow()));

        _clock.Advance(TimeSpan.FromMinutes(2));

        heard.ShouldBe([(Start.AddMinutes(2), Start)]);
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.Zero));
    }
}
