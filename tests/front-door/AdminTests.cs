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
        await FreeQuotaTests.SpendAsync(gateway, "demo/echo:free", times: 2);
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
}
