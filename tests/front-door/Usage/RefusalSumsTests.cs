using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>What all organisations were refused, for the operator.</summary>
public sealed class RefusalSumsTests
{
    [Fact]
    public async Task RefusalSums_OfAllOrganisations_AreByHourAndReason()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var acme = await gateway.NewOrgAsync(admin, "acme");
        await RefusedAsync(gateway, gateway.Http, "nobody/knows", times: 2);
        await RefusedAsync(gateway, acme, "nobody/knows", times: 3);
        await RefusedAsync(gateway, acme, "demo/paid:free", times: 1);
        gateway.Clock.MoveOn(TimeSpan.FromHours(13));
        await RefusedAsync(gateway, gateway.Http, "nobody/knows", times: 1);

        var hours = await SumsAsync(gateway, admin, "");
        var days = await SumsAsync(gateway, admin, "?by=day");

        hours.ShouldBe(
        [
            "2026-05-30T01:00:00Z model_not_found 1 of 1: demo 1",
            "2026-05-29T12:00:00Z free_slug_not_enabled 1 of 1: acme 1",
            "2026-05-29T12:00:00Z model_not_found 5 of 2: acme 3, demo 2",
        ]);
        days.Select(day => day.Split(' ')[0]).ShouldBe(["2026-05-30", "2026-05-29", "2026-05-29"]);
        (await SumsAsync(gateway, admin, "?code=free_slug_not_enabled")).ShouldHaveSingleItem();
        (await SumsAsync(gateway, admin, "?model=demo/paid")).ShouldHaveSingleItem();
        (await SumsAsync(gateway, admin, "?to=2026-05-30")).ShouldBe(hours[1..]);
        (await gateway.CsvAsync("api/v1/admin/refusals", admin)).Sum(row => int.Parse(row["count"])).ShouldBe(7);
    }

    [Fact]
    public async Task RefusalSums_InPages_AreEachLineOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await RefusedAsync(gateway, gateway.Http, "nobody/knows", times: 1);
        await RefusedAsync(gateway, gateway.Http, "demo/paid:free", times: 1);
        gateway.Clock.MoveOn(TimeSpan.FromHours(2));
        await RefusedAsync(gateway, gateway.Http, "nobody/knows", times: 1);
        var whole = await SumsAsync(gateway, admin, "");

        var paged = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await gateway.GetAsync($"api/v1/admin/refusals?limit=1{cursor}", admin);
            paged.AddRange(page.GetProperty("data").EnumerateArray().Select(Sum));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        paged.ShouldBe(whole);
    }

    [Fact]
    public async Task RefusalSums_AfterALineThatIsGone_GoOnWithTheHourBefore()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await RefusedAsync(gateway, gateway.Http, "demo/paid:free", times: 1);
        gateway.Clock.MoveOn(TimeSpan.FromHours(2));
        await RefusedAsync(gateway, gateway.Http, "demo/paid:free", times: 2);
        await RefusedAsync(gateway, gateway.Http, "nobody/knows", times: 1);
        var page = await gateway.GetAsync("api/v1/admin/refusals?limit=2", admin);

        // The line of the cursor is no line of this code.
        var rest = await SumsAsync(
            gateway, admin, $"?code=free_slug_not_enabled&cursor={page.GetProperty("next_cursor").GetString()}");

        rest.ShouldBe(["2026-05-29T12:00:00Z free_slug_not_enabled 1 of 1: demo 1"]);
    }

    [Theory]
    [InlineData("by=minute", "by")]
    [InlineData("from=2026-05-20", "from")]
    [InlineData("by=day&from=2026-01-01", "from")]
    [InlineData("cursor=here", "cursor")]
    [InlineData("code=nonsense", "code")]
    public async Task RefusalSums_AskedForWrongly_SayWhatIsWrong(string query, string param)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var wrong = await admin.GetAsync($"api/v1/admin/refusals?{query}");

        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(param);
    }

    private static async Task RefusedAsync(TestGateway gateway, HttpClient client, string model, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var refused = await gateway.ChatAsync(model, client: client);
            refused.IsSuccessStatusCode.ShouldBeFalse();
        }

        await gateway.Host.Services.GetRequiredService<RefusalCounter>().WriteAsync(default);
    }

    private static async Task<List<string>> SumsAsync(TestGateway gateway, HttpClient admin, string query) =>
        [.. (await gateway.GetAsync("api/v1/admin/refusals" + query, admin)).GetProperty("data").EnumerateArray().Select(Sum)];

    private static string Sum(JsonElement sum) =>
        $"{sum.GetProperty("period")} {sum.GetProperty("code")} {sum.GetProperty("count")} of {sum.GetProperty("orgs")}: "
        + string.Join(", ", sum.GetProperty("most").EnumerateArray().Select(org => $"{org.GetProperty("org")} {org.GetProperty("count")}"));
}
