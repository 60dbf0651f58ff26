using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>What the operator sees of the daily closing.</summary>
public sealed class AdminTests
{
    [Fact]
    public async Task Resets_RunByTheOperator_CloseTheDayAndSaySo()
    {
        await using var gateway = await TestGateway.StartAsync(at: new DateTimeOffset(2026, 5, 29, 23, 59, 40, TimeSpan.Zero), runTimers: false);
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await gateway.ActivityAsync(2);
        gateway.Clock.MoveOn(TimeSpan.FromHours(3));
        using var admin = gateway.Client(gateway.Host.AdminKey!);

        using var run = await admin.PostAsync("api/v1/admin/resets", null);
        var day = (await gateway.GetAsync("api/v1/admin/resets", admin)).GetProperty("data").EnumerateArray()
            .Single(reset => reset.GetProperty("day").GetString() is "2026-05-29");

        run.StatusCode.ShouldBe(HttpStatusCode.OK);
        day.GetProperty("runs").GetInt32().ShouldBe(1);
        day.GetProperty("orgs_closed").GetInt32().ShouldBe(1);
        day.GetProperty("late_seconds").GetInt64().ShouldBeInRange(10_700, 10_800);
        day.TryGetProperty("closed_at", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Resets_AskedForWithAnApiKey_AreRefused()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.PostAsync("api/v1/admin/resets", null);

        (await response.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("wrong_key_type");
    }

    [Fact]
    public async Task Resets_AskedForAgain_AreNotedOnceAndListedByThePage()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        using var admin = gateway.Client(gateway.Host.AdminKey!);

        for (var times = 0; times < 2; times++)
        {
            using var command = new HttpRequestMessage(HttpMethod.Post, "api/v1/admin/resets") { Headers = { { "Idempotency-Key", "evening" } } };
            using var run = await admin.SendAsync(command);
            run.StatusCode.ShouldBe(HttpStatusCode.OK);
            run.Headers.Contains("x-freeway-idempotent").ShouldBe(times > 0);
        }

        (await gateway.GetAsync("api/v1/admin/audit?kind=books", admin)).GetProperty("data").EnumerateArray()
            .Count(record => record.GetProperty("action").GetString() is "books.reset").ShouldBe(1);
        var first = await gateway.GetAsync("api/v1/admin/resets?limit=1", admin);
        var second = await gateway.GetAsync($"api/v1/admin/resets?limit=1&cursor={first.GetProperty("next_cursor").GetString()}", admin);
        new[] { first, second }.Select(page => page.GetProperty("data")[0].GetProperty("day").GetString()).ShouldBe(["2026-05-29", "2026-05-28"]);
    }
}
