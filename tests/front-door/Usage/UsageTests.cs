using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>What was used, summed up: free, gifted and paid apart, today included.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Usage_OfToday_IsThereBeforeTheDayIsClosed()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 3);
        await gateway.SpendAsync("demo/paid", times: 2);
        var records = await gateway.ActivityAsync(5);

        var lines = (await gateway.GetAsync("api/v1/usage?group=model")).GetProperty("data").EnumerateArray().ToDictionary(line => line.GetProperty("model").GetString()!);

        var free = lines["demo/echo"];
        free.GetProperty("period").GetString().ShouldBe("2026-05-29");
        free.GetProperty("requests").GetInt64().ShouldBe(3);
        free.GetProperty("free").GetProperty("requests").GetInt64().ShouldBe(3);
        free.GetProperty("paid").GetProperty("cost_usd").GetString().ShouldBe("0.00");
        var paid = lines["demo/paid"].GetProperty("paid");
        paid.GetProperty("requests").GetInt64().ShouldBe(2);
        Usd(paid).ShouldBe(records.Where(record => record.GetProperty("tier").GetString() is "paid").Sum(Usd));
        Usd(paid).ShouldBeGreaterThan(0);
        paid.TryGetProperty("requests", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Usage_OverMidnightAndClosedTwice_CountsNothingTwice()
    {
        await using var gateway = await TestGateway.StartAsync(at: new DateTimeOffset(2026, 5, 31, 23, 59, 0, TimeSpan.Zero), runTimers: false);
        await gateway.SpendAsync("demo/echo:free", times: 4);
        await gateway.ActivityAsync(4);
        gateway.Clock.MoveTo(new DateTimeOffset(2026, 6, 1, 0, 1, 0, TimeSpan.Zero));
        await gateway.Host.RunTimerAsync("DailyReset");
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await gateway.ActivityAsync(6);
        await gateway.Host.RunTimerAsync("DailyReset");

        Requests(await gateway.GetAsync("api/v1/usage")).ShouldBe([("2026-06-01", 2), ("2026-05-31", 4)]);
        Requests(await gateway.GetAsync("api/v1/usage?by=month")).ShouldBe([("2026-06", 2), ("2026-05", 4)]);
        Requests(await gateway.GetAsync("api/v1/usage?from=2026-06-01")).ShouldBe([("2026-06-01", 2)]);
        Requests(await gateway.GetAsync("api/v1/usage?to=2026-06-01")).ShouldBe([("2026-05-31", 4)]);
        var first = await gateway.GetAsync("api/v1/usage?limit=1");
        Requests(first).ShouldBe([("2026-06-01", 2)]);
        Requests(await gateway.GetAsync($"api/v1/usage?limit=1&cursor={first.GetProperty("next_cursor").GetString()}")).ShouldBe([("2026-05-31", 4)]);
    }

    [Fact]
    public async Task Usage_WithRefusals_TellsTheirReasonsBesideTheSums()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        for (var i = 0; i < 3; i++)
        {
            using var refused = await gateway.ChatAsync("demo/echo:free");
        }

        await gateway.ActivityAsync(10);
        var line = await Eventually.GetAsync(
            async () => (await gateway.GetAsync("api/v1/usage")).GetProperty("data")[0], seen => seen.GetProperty("refused").GetProperty("count").GetInt64() is 3);

        line.GetProperty("requests").GetInt64().ShouldBe(10);
        var reason = line.GetProperty("refused").GetProperty("reasons").EnumerateArray().ShouldHaveSingleItem();
        reason.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        reason.GetProperty("limit").GetString().ShouldBe("fastrouter-free.daily");
        (await gateway.GetAsync("api/v1/usage?group=key")).GetProperty("data")[0].TryGetProperty("refused", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Usage_AsCsv_HasTheSameFigures()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await gateway.SpendAsync("demo/paid", times: 1);
        await gateway.ActivityAsync(3);
        var lines = (await gateway.GetAsync("api/v1/usage?group=tier")).GetProperty("data").EnumerateArray().ToList();

        var rows = await gateway.CsvAsync("api/v1/usage?group=tier");

        rows.Select(row => (row["period"], row["tier"], row["requests"], row["paid_usd"])).ShouldBe(lines.Select(line => (
            line.GetProperty("period").GetString()!, line.GetProperty("tier").GetString()!, line.GetProperty("requests").ToString(),
            line.GetProperty("paid").GetProperty("cost_usd").GetString()!)));
        rows.Single(row => row["tier"] is "free")["free_requests"].ShouldBe("2");
        rows.ShouldAllBe(row => row["refused"] == "");
    }

    private static List<(string, long)> Requests(JsonElement usage) =>
        [.. usage.GetProperty("data").EnumerateArray().Select(line => (line.GetProperty("period").GetString()!, line.GetProperty("requests").GetInt64()))];

    private static decimal Usd(JsonElement json) => decimal.Parse(json.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
