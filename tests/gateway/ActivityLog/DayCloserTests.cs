using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class DayCloserTests
{
    private static readonly DateOnly Day = new(2026, 5, 29);
    private static readonly DateTimeOffset Midnight = new(2026, 5, 30, 0, 0, 0, TimeSpan.Zero);

    private readonly ClosingHouse _house = new();
    private readonly ManualTime _calendar = new(Midnight.AddSeconds(3));
    private readonly List<ActivityRecord> _records = [];

    public DayCloserTests()
    {
        foreach (var org in new[] { "acme", "blue", "idle" })
        {
            _house.Orgs.Add(new Org(org, org));
        }
    }

    [Fact]
    public async Task Run_AtMidnight_ClosesThePastDayForEveryOrg()
    {
        await LogAsync(1, 40, Noon);
        await LogAsync(41, 45, Midnight.AddMinutes(5));

        var closing = await _house.Closer(_calendar).RunAsync(default);

        closing.Orgs.ShouldBe(3);
        closing.FailedOrgs.ShouldBe(0);
        closing.Tidied.ShouldBe(6);
        await HoldsTheRecordsAsync();
        (await _house.ListAsync("acme", Day.AddDays(1), Day.AddDays(1), default)).ShouldBeEmpty("the new day is open");
        _house.Tidied.Order().ShouldBe(["acme", "blue", "idle"]);
        _house.Resets[Day].ShouldBe(new ResetRecord(Day)
        {
            FirstRunAt = Midnight.AddSeconds(3),
            LastRunAt = Midnight.AddSeconds(3),
            ClosedAt = Midnight.AddSeconds(3),
            Runs = 1,
            Orgs = 3,
        });
        _house.Resets[Day].Late.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_Twice_ChangesNothingButTheCountOfRuns()
    {
        await LogAsync(1, 40, Noon);
        await _house.Closer(_calendar).RunAsync(default);
        var first = await UsageAsync();
        _calendar.Advance(TimeSpan.FromMinutes(1));

        var closing = await _house.Closer(_calendar).RunAsync(default);

        closing.Rows.ShouldBe(0);
        (await UsageAsync()).ShouldBe(first, ignoreOrder: true);
        _house.Resets[Day].Runs.ShouldBe(2);
        _house.Resets[Day].Corrections.ShouldBe(0);
        _house.Resets[Day].FirstRunAt.ShouldBe(Midnight.AddSeconds(3));
        _house.Resets[Day].LastRunAt.ShouldBe(Midnight.AddSeconds(63));
    }

    [Fact]
    public async Task Run_DiesAtAnyStep_TheNextRunEndsTheSame()
    {
        await LogAsync(1, 40, Noon);
        await LogAsync(41, 60, Noon.AddDays(-1));
        var steps = 0;
        _house.Step = _ => steps++;
        var options = new DayCloserOptions { Pause = TimeSpan.Zero, Orgs = 1 };
        await _house.Closer(_calendar, options).RunAsync(default);
        steps.ShouldBeGreaterThan(10);

        for (var dying = 1; dying <= steps; dying++)
        {
            var house = new ClosingHouse();
            house.Orgs.AddRange(_house.Orgs);
            foreach (var org in _records.GroupBy(record => record.Org))
            {
                await house.Activity.AppendAsync(org.Key, [.. org], default);
            }

            var step = 0;
            house.Step = _ =>
            {
                if (++step == dying)
                {
                    throw new InvalidOperationException("The process dies.");
                }
            };
            await Should.ThrowAsync<InvalidOperationException>(() => house.Closer(_calendar, options).RunAsync(default));
            house.Step = _ => { };

            await house.Closer(_calendar, options).RunAsync(default);

            foreach (var org in house.Orgs)
            {
                (await house.ListAsync(org.Id, Day.AddDays(-2), Day, default))
                    .ShouldBe(await _house.ListAsync(org.Id, Day.AddDays(-2), Day, default), ignoreOrder: true, $"died at step {dying}");
            }

            house.Resets[Day].ClosedAt.ShouldNotBeNull();
            house.Resets[Day].Orgs.ShouldBe(3);
        }
    }

    [Fact]
    public async Task Run_BesideOtherInstances_EndsTheSame()
    {
        await LogAsync(1, 200, Noon);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _house.Closer(_calendar).RunAsync(default)));

        await HoldsTheRecordsAsync();
        _house.Resets[Day].Runs.ShouldBe(4);
        _house.Resets[Day].Orgs.ShouldBe(3);
        _house.Resets[Day].Corrections.ShouldBe(0);
    }

    [Fact]
    public async Task Run_RecordsThatCameLate_AreTakenUpByTheNextRun()
    {
        await LogAsync(1, 10, Noon);
        await _house.Closer(_calendar).RunAsync(default);
        await LogAsync(11, 20, Noon);
        _calendar.Advance(TimeSpan.FromDays(1));

        await _house.Closer(_calendar).RunAsync(default);

        await HoldsTheRecordsAsync();
        _house.Resets[Day].Corrections.ShouldBe(_records.Skip(10).Select(DailyUsage.For).Distinct().Count());
        _house.Resets[Day].Runs.ShouldBe(1);
        _house.Resets[Day.AddDays(1)].Runs.ShouldBe(1);
    }

    [Fact]
    public async Task Run_AfterTenDaysWithoutATimer_ClosesAllOfThem()
    {
        await _house.Closer(_calendar).RunAsync(default);
        for (var day = 1; day <= 10; day++)
        {
            await LogAsync(day * 100, (day * 100) + 9, Noon.AddDays(day));
        }

        _calendar.Advance(TimeSpan.FromDays(10));
        var closing = await _house.Closer(_calendar).RunAsync(default);

        closing.Days.ShouldBe(Enumerable.Range(1, 10).Select(day => Day.AddDays(day)));
        await HoldsTheRecordsAsync();
        _house.Resets[Day.AddDays(1)].Late.ShouldBe(TimeSpan.FromDays(9) + TimeSpan.FromSeconds(3));
        Enumerable.Range(0, 11).ShouldAllBe(day => _house.Resets[Day.AddDays(day)].ClosedAt != null);
    }

    [Fact]
    public async Task Run_OneOrgOutOfReach_ClosesTheOthersAndLeavesTheDayOpen()
    {
        await LogAsync(1, 40, Noon);
        _house.Activity.Outage = org => org is "blue";

        var closing = await _house.Closer(_calendar).RunAsync(default);

        closing.Orgs.ShouldBe(2);
        closing.FailedOrgs.ShouldBe(1);
        _house.Resets[Day].ClosedAt.ShouldBeNull();
        _house.Resets[Day].FailedOrgs.ShouldBe(1);

        _house.Activity.Outage = _ => false;
        _calendar.Advance(TimeSpan.FromDays(1));
        await _house.Closer(_calendar).RunAsync(default);

        await HoldsTheRecordsAsync();
        _house.Resets[Day].ClosedAt.ShouldBe(Midnight.AddDays(1).AddSeconds(3));
        _house.Resets[Day].FailedOrgs.ShouldBe(0);
    }

    [Fact]
    public async Task Run_OneOrgOutOfReachForAMoment_ClosesItInTheSameRun()
    {
        await LogAsync(1, 40, Noon);
        var failures = 0;
        _house.Activity.Outage = org => org is "blue" && failures++ < 2;

        var closing = await _house.Closer(_calendar).RunAsync(default);

        closing.FailedOrgs.ShouldBe(0);
        closing.Orgs.ShouldBe(3);
        await HoldsTheRecordsAsync();
    }

    private async Task LogAsync(int first, int last, DateTimeOffset time)
    {
        for (var number = first; number <= last; number++)
        {
            var record = Record(number, time.AddSeconds(number), number % 2 is 0 ? "acme" : "blue", $"m{number % 3}", number % 5 is 0 ? "paid" : "free");
            _records.Add(record);
            await _house.Activity.AppendAsync(record.Org, [record], default);
        }
    }

    private async Task<List<DailyUsage>> UsageAsync()
    {
        var usage = new List<DailyUsage>();
        foreach (var org in _house.Orgs)
        {
            usage.AddRange(await _house.ListAsync(org.Id, DateOnly.MinValue, DateOnly.MaxValue, default));
        }

        return usage;
    }

    /// <summary>Every closed day has the sums of its records.</summary>
    private async Task HoldsTheRecordsAsync()
    {
        foreach (var day in _house.Resets.Keys)
        {
            foreach (var org in _house.Orgs)
            {
                (await _house.ListAsync(org.Id, day, day, default)).ShouldBe(Sums(_records, org.Id, day), ignoreOrder: true);
            }
        }
    }
}
