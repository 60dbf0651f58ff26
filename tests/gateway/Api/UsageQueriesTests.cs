using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Tests.Identity;
using Freeway.Tests.Shared;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.Api;

public sealed class UsageQueriesTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Noon.UtcDateTime);

    private readonly MemoryActivityStore _activity = new();
    private readonly MemoryUsageStore _usage = new();
    private readonly MemoryRefusalStore _refusals = new();

    [Fact]
    public async Task Usage_OfADayThatRuns_IsThatOfItsRecords()
    {
        await RecordAsync(Record(1), Record(2, tier: "paid"), Record(3, tier: "paid"));

        var line = (await AllAsync(Ask())).ShouldHaveSingleItem();

        line.Period.ShouldBe("2026-05-29");
        line.Requests.ShouldBe(3);
        line.Free.ShouldBe(new FreeUsage(1, 3));
        line.Paid.ShouldBe(new PaidUsage(2, 0, "0.000000035"));
    }

    [Fact]
    public async Task Usage_OfAClosedDayWithRecordsThatCameLate_CountsEachOnce()
    {
        var yesterday = Noon.AddDays(-1);
        await RecordAsync(Record(1, yesterday), Record(2, yesterday));
        await CloseAsync(Today.AddDays(-1));
        await RecordAsync(Record(3, yesterday), Record(4));

        var lines = await AllAsync(Ask());

        lines.Select(line => (line.Period, line.Requests)).ShouldBe([("2026-05-29", 1L), ("2026-05-28", 3L)]);
    }

    [Fact]
    public async Task Usage_OfDaysWhoseRecordsAreGone_StandsInTheClosedOnes()
    {
        await _usage.SaveAsync("acme", new DateOnly(2025, 8, 3), [new DailyUsage("acme", new DateOnly(2025, 8, 3), "demo/echo", "free", "k") { Requests = 7, TotalTokens = 70 }], default);

        var line = (await AllAsync(Ask("month"))).ShouldHaveSingleItem();

        (line.Period, line.Requests, line.Free.TotalTokens).ShouldBe(("2025-08", 7, 70));
    }

    [Fact]
    public async Task Usage_ByMonth_IsThatOfItsDays()
    {
        ActivityRecord[] records = [.. Enumerable.Range(0, 90).Select(i => Record(i, Noon.AddDays(-i)))];
        await RecordAsync(records);

        var months = await AllAsync(Ask("month"));
        var days = await AllAsync(Ask("day", from: "2026-03-01"));

        months.Select(line => (line.Period, line.Requests)).ShouldBe([("2026-05", 29L), ("2026-04", 30L), ("2026-03", 31L)]);
        days.Count.ShouldBe(90);
        days.Sum(line => line.Free.TotalTokens).ShouldBe(months.Sum(line => line.Free.TotalTokens));
        days.Select(line => line.Period).ShouldBe(days.Select(line => line.Period).OrderDescending());
    }

    [Fact]
    public async Task Usage_Grouped_DividesAndAddsUp()
    {
        ActivityRecord[] records = [.. Enumerable.Range(1, 24).Select(i => Record(i, model: i % 3 is 0 ? "a" : "b", tier: i % 4 is 0 ? "paid" : "free"))];
        await RecordAsync(records);

        foreach (var (group, of) in new (string, Func<ActivityRecord, string>)[]
        {
            ("model", record => record.Model), ("key", record => record.Key), ("tier", record => record.Tier), ("model,key", record => record.Model + record.Key),
        })
        {
            var lines = await AllAsync(Ask(group: group));

            lines.ToDictionary(line => line.Model + line.Key + line.Tier, line => line.Requests)
                .ShouldBe(records.GroupBy(of).ToDictionary(same => same.Key, same => (long)same.Count()), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Usage_Filtered_LeavesOutTheRest()
    {
        ActivityRecord[] records = [.. Enumerable.Range(1, 24).Select(i => Record(i, model: i % 3 is 0 ? "a" : "b", tier: i % 4 is 0 ? "paid" : "free"))];
        await RecordAsync(records);

        (await AllAsync(Ask() with { Model = "a" })).Single().Requests.ShouldBe(8);
        (await AllAsync(Ask() with { Key = "key-odd" })).Single().Requests.ShouldBe(12);
        (await AllAsync(Ask() with { Tier = "paid" })).Single().Requests.ShouldBe(6);
        (await AllAsync(Ask() with { Tier = "paid", Model = "a", Key = "key-odd" })).ShouldBeEmpty();
        (await AllAsync(Ask() with { From = Today.AddDays(1) })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Usage_WithRefusals_TellsThemBesideAndNotAmongTheRequests()
    {
        await RecordAsync(Record(1));
        await _refusals.SaveAsync("one", "acme",
        [
            new(RefusalStoreContract.Key(), 3), new(RefusalStoreContract.Key(1), 2), new(RefusalStoreContract.Key(2, "cap_exceeded", limit: null), 4),
            new(RefusalStoreContract.Key(-24 * 60, model: "unknown", code: "model_not_found", limit: null), 1),
        ], default);

        var lines = await AllAsync(Ask(group: "model"));

        lines[0].Requests.ShouldBe(1);
        lines[0].Refused!.Count.ShouldBe(9);
        lines[0].Refused!.Reasons.ShouldBe([new("free_quota_exceeded", "fastrouter-free.daily", 5), new("cap_exceeded", null, 4)]);
        (lines[1].Period, lines[1].Model, lines[1].Requests, lines[1].Refused!.Count).ShouldBe(("2026-05-28", "unknown", 0, 1));
        (await AllAsync(Ask("month"))).Single().Refused!.Count.ShouldBe(10);
        (await AllAsync(Ask() with { Model = "unknown" })).Single().Refused!.Count.ShouldBe(1);
        (await AllAsync(Ask(group: "key"))).ShouldAllBe(line => line.Refused == null);
        (await AllAsync(Ask() with { Key = "key-odd" })).ShouldAllBe(line => line.Refused == null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Usage_PageByPage_GivesEachLineOnce(int limit)
    {
        await RecordAsync([.. Enumerable.Range(0, 60).Select(i => Record(i, Noon.AddDays(-i / 3), model: $"m{i % 3}"))]);
        var all = await AllAsync(Ask(group: "model"));
        var paged = new List<UsageLine>();
        UsageQuery? query = Ask(group: "model") with { Limit = limit };
        while (query is not null)
        {
            (await View.List("acme", query).PageAsync(default)).Accepted(out var page, out _).ShouldBeTrue();
            paged.AddRange(page!.Data);
            query = page.NextCursor is { } next && UsageCursor.TryParse(next, out var after) ? query with { After = after } : null;
        }

        paged.Select(line => (line.Period, line.Model, line.Requests)).ShouldBe(all.Select(line => (line.Period, line.Model, line.Requests)));
        all.Count.ShouldBe(60);
    }

    [Fact]
    public async Task Usage_WithTheStoreOutOfReach_IsRefused()
    {
        _activity.Outage = _ => true;

        (await View.List("acme", Ask()).PageAsync(default)).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(Gateway.Core.RefusalCode.QuotaUnavailable);
    }

    private UsageQueries View => new(_activity, _usage, _refusals, TestEndUsers.Create());

    private static UsageQuery Ask(string? by = null, string? group = null, string? from = null)
    {
        UsageQuery.Read(name => name switch { "by" => by, "group" => group, "from" => from, _ => null }, Today).Accepted(out var query, out var refusal)
            .ShouldBeTrue(refusal?.Message);
        return query!;
    }

    private async Task RecordAsync(params ActivityRecord[] records) => await _activity.AppendAsync("acme", records, default);

    private async Task CloseAsync(DateOnly day) => await _usage.SaveAsync("acme", day, await _activity.SumsAsync("acme", day, default), default);

    private async Task<List<UsageLine>> AllAsync(UsageQuery query) =>
        [.. (await View.List("acme", query).AllAsync(default).ToListAsync()).SelectMany(some => some)];
}
