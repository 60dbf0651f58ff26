using System.Net;
using Azure.Data.Tables;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What must work", 4: at 00:00 UTC the quota is whole again without the timer, and the timer closes the day.</summary>
public sealed class MidnightTests
{
    private static readonly DateTimeOffset BeforeMidnight = new(2026, 5, 29, 23, 59, 40, TimeSpan.Zero);
    private static readonly DateTimeOffset AfterMidnight = new(2026, 5, 30, 0, 0, 1, TimeSpan.Zero);

    [Fact]
    public async Task Quota_AtMidnight_IsWholeAgainWithoutTheTimer()
    {
        await using var gateway = await TestGateway.StartAsync(at: BeforeMidnight, runTimers: false);
        await gateway.SpendAsync("demo/echo:free");
        using var refused = await gateway.ChatAsync("demo/echo:free");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(20));

        gateway.Clock.MoveTo(AfterMidnight);

        await gateway.SpendAsync("demo/echo:free");
        using var again = await gateway.ChatAsync("demo/echo:free");
        (await again.ErrorAsync(HttpStatusCode.TooManyRequests)).GetProperty("reset_at").GetString().ShouldBe("2026-05-31T00:00:00Z");
    }

    [Fact]
    public async Task Request_OverMidnight_CountsOnTheDayOnWhichItWasAdmitted()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate }, at: BeforeMidnight, runTimers: false);
        var late = gateway.ChatAsync("demo/echo:free");
        await gate.ArrivalAsync();

        gateway.Clock.MoveTo(AfterMidnight);
        gate.Open();
        using var response = await late;
        await response.Content.ReadAsStringAsync();
        await gateway.SpendAsync("demo/echo:free");
        using var refused = await gateway.ChatAsync("demo/echo:free");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        var record = (await gateway.ActivityAsync(11)).Single(candidate => candidate.GetProperty("id").GetString() == response.Header("x-request-id"));
        record.GetProperty("time").GetDateTimeOffset().Day.ShouldBe(29);
    }

    [Fact]
    public async Task Day_ClosedLateAndTwice_HasTheSameSums()
    {
        await using var gateway = await TestGateway.StartAsync(at: BeforeMidnight, runTimers: false);
        await gateway.SpendAsync("demo/echo:free", times: 3);
        await gateway.SpendAsync("demo/paid", times: 2);
        await gateway.ActivityAsync(5);
        gateway.Clock.MoveTo(AfterMidnight.AddHours(7));

        await gateway.Host.RunTimerAsync("DailyReset");
        var once = await UsageAsync(gateway);
        await gateway.Host.RunTimerAsync("DailyReset");
        var twice = await UsageAsync(gateway);

        once.Count.ShouldBe(2);
        twice.Select(Sums).ShouldBe(once.Select(Sums), ignoreOrder: true);
        once.Single(row => row.RowKey.Contains("free", StringComparison.Ordinal)).GetInt64("Requests").ShouldBe(3);
        var quota = (await gateway.LedgerAsync("quota|fastrouter")).Single();
        quota.GetString("Window").ShouldBe("2026-05-30");
        quota.GetInt64("Used").ShouldBe(0);
        (await ResetsAsync(gateway)).Single(row => row.GetString("Day") is "2026-05-29").GetInt32("Runs").ShouldBe(2);
    }

    [Fact]
    public async Task Day_ClosedByTheTimerItself_IsClosedAtMidnight()
    {
        await using var gateway = await TestGateway.StartAsync(at: BeforeMidnight);
        await gateway.SpendAsync("demo/echo:free", times: 3);
        await gateway.ActivityAsync(3);

        gateway.Clock.MoveTo(AfterMidnight);

        var rows = await Eventually.GetAsync(() => UsageAsync(gateway), seen => seen.Count > 0);
        rows.ShouldHaveSingleItem().GetInt64("Requests").ShouldBe(3);
    }

    [Fact]
    public async Task Day_ClosedTwiceAtOnce_HasTheSameSums()
    {
        await using var gateway = await TestGateway.StartAsync(at: BeforeMidnight, runTimers: false);
        await gateway.SpendAsync("demo/echo:free", times: 4);
        await gateway.ActivityAsync(4);
        gateway.Clock.MoveTo(AfterMidnight);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gateway.Host.RunTimerAsync("DailyReset")));

        (await UsageAsync(gateway)).ShouldHaveSingleItem().GetInt64("Requests").ShouldBe(4);
    }

    private static string Sums(TableEntity row) => $"{row.RowKey} {row.GetInt64("Requests")} {row.GetInt64("PromptTokens")} {row.GetInt64("CostNanos")}";

    private static async Task<List<TableEntity>> UsageAsync(TestGateway gateway)
    {
        var usage = gateway.Table(names => names.Usage);
        await usage.CreateIfNotExistsAsync();
        return await usage.QueryAsync<TableEntity>().ToListAsync();
    }

    private static async Task<List<TableEntity>> ResetsAsync(TestGateway gateway) =>
        await gateway.Table(names => names.Resets).QueryAsync<TableEntity>().ToListAsync();
}
