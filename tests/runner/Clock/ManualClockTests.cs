using Freeway.Runner.Clock;
using Freeway.Tests.Shared;

namespace Freeway.Runner.Tests.Clock;

public sealed class ManualClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 31, 23, 58, 0, TimeSpan.Zero);

    private readonly ManualTime _real = new();
    private readonly ManualClock _clock;
    private int _fired;

    public ManualClockTests() => _clock = new ManualClock(Start, _real);

    [Fact]
    public void Calendar_WhileWaitsGoOn_StandsStill()
    {
        using var timer = Timer(TimeSpan.FromMinutes(1));

        _real.Advance(TimeSpan.FromMinutes(1));

        _fired.ShouldBe(1);
        _clock.GetUtcNow().ShouldBe(Start);
        _clock.LocalTimeZone.ShouldBe(TimeZoneInfo.Utc);
    }

    [Fact]
    public void Wait_OfAnHour_IsOverAfterAMoveOfAnHourAndNotBefore()
    {
        using var timer = Timer(TimeSpan.FromHours(1));
        Move(TimeSpan.FromMinutes(50));
        var early = _fired;

        Move(TimeSpan.FromMinutes(10));

        (early, _fired).ShouldBe((0, 1));
        _clock.GetUtcNow().ShouldBe(Start.AddHours(1));
    }

    /// <summary>Longer than a timer of the system can wait.</summary>
    [Fact]
    public void Wait_OfAQuarter_IsOverAfterAMoveOfAQuarter()
    {
        using var timer = Timer(TimeSpan.FromDays(90));

        Move(TimeSpan.FromDays(89));
        _fired.ShouldBe(0);
        Move(TimeSpan.FromDays(1));

        _fired.ShouldBe(1);
    }

    [Fact]
    public void Wait_OfAQuarter_IsOverAfterAQuarterOfRealTime()
    {
        using var timer = Timer(TimeSpan.FromDays(90));

        _real.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        _fired.ShouldBe(0);
        _real.Advance(TimeSpan.FromSeconds(1));

        _fired.ShouldBe(1);
    }

    /// <summary>The system's own timers, on threads of their own.</summary>
    [Fact]
    public async Task Wait_OnTheSystemsClock_IsOverAfterAMove()
    {
        var clock = new ManualClock(Start);
        using var timer = new PeriodicTimer(TimeSpan.FromDays(45), clock);

        clock.Advance(TimeSpan.FromDays(45));

        (await timer.WaitForNextTickAsync()).ShouldBeTrue();
        clock.GetUtcNow().ShouldBe(Start.AddDays(45));
    }

    [Fact]
    public void ElapsedTime_OverAMove_CountsIt()
    {
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromDays(30));
        _real.Advance(TimeSpan.FromMinutes(1));

        _clock.GetElapsedTime(began).ShouldBe(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Timer_FiredByAMove_FiresOnce()
    {
        using var timer = Timer(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Move(TimeSpan.FromMinutes(1));

        Move(TimeSpan.FromMinutes(1));
        _real.Advance(TimeSpan.FromDays(2));

        _fired.ShouldBe(1);
    }

    [Fact]
    public void Timer_WithAPeriod_FiresAgainAfterEach()
    {
        using var timer = Timer(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));

        _real.Advance(TimeSpan.FromMinutes(1));
        Move(TimeSpan.FromMinutes(2));
        _real.Advance(TimeSpan.FromMinutes(2));

        _fired.ShouldBe(3);
    }

    [Fact]
    public void Timer_ThatIsDisposed_CannotBeSet()
    {
        var timer = new ManualClock(Start).CreateTimer(_ => { }, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
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

    private ITimer Timer(TimeSpan due, TimeSpan? period = null) =>
        _clock.CreateTimer(_ => _fired++, null, due, period ?? Timeout.InfiniteTimeSpan);

    /// <summary>Moves the calendar, and lets the real timers fire that this has set to now.</summary>
    private void Move(TimeSpan by)
    {
        _clock.Advance(by);
        _real.Advance(TimeSpan.Zero);
    }
}
