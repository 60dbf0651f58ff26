using System.Net;
using System.Text.Json.Nodes;
using Freeway.Gateway.Core;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Clock;

/// <summary>Midnight, a month, a zone's day and a retry are played by hand on <c>./run --clock</c>, in a process of its own.</summary>
public sealed class PlayedTimeTests
{
    private const string Free = "demo/echo:free";
    private const string Played = "demo/played:free";

    [Fact]
    public async Task Midnight_IsPlayed_QuotaIsFreshAndTheTimerHasClosedTheDay()
    {
        await using var run = await PlayedRun.StartAsync("2026-03-31T23:59:00Z");
        await run.SpendAsync(Free, 10);
        (await run.AskAsync(Free)).ShouldBe((429, 60));
        var records = await run.ActivityAsync(10);

        var before = await run.AdvanceAsync(59);
        (await run.AskAsync(Free)).ShouldBe((429, 1));
        var after = await run.AdvanceAsync(1);

        Ran(before).ShouldBe(["LedgerRecovery due 2026-03-31T23:59:30Z at 2026-03-31T23:59:59Z"]);
        Ran(after).ShouldBe(["DailyReset due 2026-04-01T00:00:00Z at 2026-04-01T00:00:00Z"]);
        ((string)after["was"]!).ShouldBe("2026-03-31T23:59:59Z");
        ((string)after["now"]!).ShouldBe("2026-04-01T00:00:00Z");
        await run.SpendAsync(Free, 10);
        (await run.AskAsync(Free)).ShouldBe((429, 86_400));
        var reset = (await run.GetAsync("/api/v1/admin/resets", asOperator: true))["data"]!.AsArray()
            .Single(day => (string)day!["day"]! is "2026-03-31")!;
        ((string)reset["closed_at"]!).ShouldBe("2026-04-01T00:00:00Z");
        ((string)records[0]!["time"]!).ShouldBe("2026-03-31T23:59:00.000Z");
        IdSource.TimeOf((string)records[0]!["id"]!).ShouldBe(new DateTimeOffset(2026, 3, 31, 23, 59, 0, TimeSpan.Zero));
        run.Runner.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Month_IsPlayed_EachDayIsClosedAtItsOwnMidnight()
    {
        await using var run = await PlayedRun.StartAsync(
            "2026-03-31T23:58:00Z", """[{ "name": "monthly", "unit": "requests", "amount": 2, "window": "month", "scope": "org_model" }]""");
        await run.SpendAsync(Played, 2);
        (await run.AskAsync(Played)).ShouldBe((429, 120));
        await run.AdvanceAsync(119);
        (await run.AskAsync(Played)).ShouldBe((429, 1));
        await run.AdvanceAsync(1);
        await run.SpendAsync(Played, 2);
        (await run.AskAsync(Played)).ShouldBe((429, 30 * 86_400));

        var moved = await run.MoveAsync("""{"to":"2026-05-01T00:00:00Z"}""");

        await run.SpendAsync(Played, 2);
        Ran(moved).Count(run => run.StartsWith("DailyReset", StringComparison.Ordinal)).ShouldBe(30);
        var resets = (await run.GetAsync("/api/v1/admin/resets?limit=100", asOperator: true))["data"]!.AsArray();
        foreach (var day in Enumerable.Range(1, 30).Select(day => new DateOnly(2026, 4, day)))
        {
            ((string)resets.Single(reset => (string)reset!["day"]! == day.ToString("O"))!["closed_at"]!)
                .ShouldBe($"{day.AddDays(1):O}T00:00:00Z");
        }

        run.Runner.Errors.ShouldBeEmpty();
    }

    /// <summary>8 March 2026 has 23 hours in Los Angeles: it begins at 08:00 UTC, and the next day at 07:00.</summary>
    [Fact]
    public async Task Day_OfATimeZone_IsPlayedOnTheDayWithoutAnHour()
    {
        await using var run = await PlayedRun.StartAsync("2026-03-08T07:59:30Z", """
            [{ "name": "daily", "unit": "requests", "amount": 1, "window": "day", "time_zone": "America/Los_Angeles", "scope": "org_model" }]
            """);
        await run.SpendAsync(Played, 1);
        (await run.AskAsync(Played)).ShouldBe((429, 30));
        await run.AdvanceAsync(30);
        await run.SpendAsync(Played, 1);
        (await run.AskAsync(Played)).ShouldBe((429, 23 * 3600));

        await run.AdvanceAsync((23 * 3600) - 1);
        (await run.AskAsync(Played)).ShouldBe((429, 1));
        var moved = await run.AdvanceAsync(1);

        ((string)moved["now"]!).ShouldBe("2026-03-09T07:00:00Z");
        await run.SpendAsync(Played, 1);
    }

    [Theory]
    [InlineData("2026-05-29T12:00:17Z", 43)]
    [InlineData("2026-05-29T12:00:17.5Z", 43)]
    public async Task RetryAfter_IsWhatTheClockNeedsToBeAdvancedBy(string start, int wait)
    {
        await using var run = await PlayedRun.StartAsync(
            start, """[{ "name": "minute", "unit": "requests", "amount": 1, "window": "minute", "scope": "org_model" }]""");
        await run.SpendAsync(Played, 1);
        (await run.AskAsync(Played)).ShouldBe((429, wait));

        for (var left = wait; left > 1; left--)
        {
            await run.AdvanceAsync(1);
            (await run.AskAsync(Played)).ShouldBe((429, left - 1));
        }

        await run.AdvanceAsync(1);
        await run.SpendAsync(Played, 1);
    }

    [Fact]
    public async Task Everything_InTheProcess_ShowsThePlayedTime()
    {
        await using var run = await PlayedRun.StartAsync("2031-07-08T09:10:11Z");
        using var answer = await run.Runner.ChatAsync(Free, "hello");
        using var look = await run.ClockAsync(HttpMethod.Get);

        answer.Headers.Date.ShouldBe(new DateTimeOffset(2031, 7, 8, 9, 10, 11, TimeSpan.Zero));
        var created = (long)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["created"]!;
        DateTimeOffset.FromUnixTimeSeconds(created).ShouldBe(answer.Headers.Date!.Value);
        var clock = JsonNode.Parse(await look.Content.ReadAsStringAsync())!;
        ((string)clock["now"]!).ShouldBe("2031-07-08T09:10:11Z");
        clock["timers"]!.AsArray().Select(timer => $"{timer!["timer"]} {timer["next"]}")
            .ShouldBe(["LedgerRecovery 2031-07-08T09:10:30Z", "DailyReset 2031-07-09T00:00:00Z"]);
        await Eventually.BecomesAsync(
            () => run.Runner.Output.Contains("  clock      stands at 2031-07-08T09:10:11Z until it is moved"), true);
    }

    [Fact]
    public async Task Clock_WithoutTheKeyOrSetBack_StaysWhereItIs()
    {
        await using var run = await PlayedRun.StartAsync("2026-03-31T23:59:00Z");
        using var stranger = await run.ClockAsync(HttpMethod.Post, """{"advance_seconds":60}""", key: "none");
        using var caller = await run.ClockAsync(HttpMethod.Post, """{"advance_seconds":60}""", run.Runner.Said("apiKey"));
        using var back = await run.ClockAsync(HttpMethod.Post, """{"to":"2026-03-31T23:58:59Z"}""");
        using var look = await run.ClockAsync(HttpMethod.Get);

        stranger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        caller.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        back.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await back.Content.ReadAsStringAsync())!["error"]!;
        ((string)error["code"]!).ShouldBe("invalid_request");
        ((string)error["param"]!).ShouldBe("to");
        ((string)error["message"]!).ShouldStartWith("The clock shows 2026-03-31T23:59:00Z and only goes forward");
        ((string)JsonNode.Parse(await look.Content.ReadAsStringAsync())!["now"]!).ShouldBe("2026-03-31T23:59:00Z");
    }

    private static List<string> Ran(JsonNode answer)
    {
        answer["ran"]!.AsArray().ShouldAllBe(run => run!["error"] == null);
        return [.. answer["ran"]!.AsArray().Select(run => $"{run!["timer"]} due {run["due"]} at {run["at"]}")];
    }
}
