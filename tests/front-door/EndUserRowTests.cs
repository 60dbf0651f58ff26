using System.Net;
using Freeway.FrontDoor.Tests.Support;
using static Freeway.FrontDoor.Tests.Support.EndUserCalls;

namespace Freeway.FrontDoor.Tests;

/// <summary>The counters of end users: how many an organisation may begin, and when idle ones go.</summary>
public sealed class EndUserRowTests
{
    [Fact]
    public async Task NewEndUsers_BeyondTheBoundOfADay_AreRefusedAndKnownOnesServed()
    {
        await using var gateway = await StartAsync(settings: [("Freeway:EndUsers:RowsPerDay", "2")]);
        foreach (var user in new[] { "alice", "bob" })
        {
            using var begun = await SendAsync(gateway, user);
            begun.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var third = await SendAsync(gateway, "carol");
        using var known = await SendAsync(gateway, "alice");

        var error = await third.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("too_many_end_users");
        error.GetProperty("limit_source").GetString().ShouldBe("end_users.new");
        error.GetProperty("message").GetString().ShouldStartWith("This end user is new, and your organisation has begun as many");
        error.GetProperty("reset_at").GetString().ShouldBe("2026-05-30T00:00:00Z");
        third.Header("x-should-retry").ShouldBe("false");
        third.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromHours(11));
        known.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RowsAsync(gateway)).Count.ShouldBe(2);

        gateway.Clock.MoveOn(TimeSpan.FromHours(12));
        using var tomorrow = await SendAsync(gateway, "carol");
        tomorrow.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task FortyNewEndUsersAtOnce_WhereTenMayBegin_TenAreServed()
    {
        await using var gateway = await StartAsync(settings: [("Freeway:EndUsers:RowsPerDay", "10")]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async index =>
        {
            using var response = await SendAsync(gateway, $"user-{index}");
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }));

        answers.Count(status => status is HttpStatusCode.OK).ShouldBe(10);
        answers.Count(status => status is HttpStatusCode.TooManyRequests).ShouldBe(30);
        (await RowsAsync(gateway)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task RowsOfEndUsers_IdleForDays_AreDeletedByTheDailyTimer()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Settings(), runTimers: false);
        using var idle = await SendAsync(gateway, "idle");
        gateway.Clock.MoveOn(TimeSpan.FromDays(2));
        using var active = await SendAsync(gateway, "active");
        await gateway.Host.RunTimerAsync("DailyReset");
        (await RowsAsync(gateway)).Count.ShouldBe(2, "a window that ended is kept for two days");

        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.Host.RunTimerAsync("DailyReset");

        (await RowsAsync(gateway)).ShouldHaveSingleItem().RowKey.ShouldContain(await EndUserLookUpTests.HashAsync(gateway, "active"));
        using var back = await SendAsync(gateway, "idle");
        back.Header("X-RateLimit-Remaining").ShouldBe("9");
    }
}
