using System.Globalization;
using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §6.11: a window of a week, from Monday to Sunday, in UTC or in a limit's own time zone.</summary>
public sealed class WeekTests
{
    private const string Body = """{"model":"acme/m:free","max_tokens":5,"messages":[{"role":"user","content":"one two"}]}""";

    /// <summary>The 29th of May 2026 is a Friday.</summary>
    [Theory]
    [InlineData(null, "2026-W22", "2026-06-01T00:00:00Z", 216_000)]
    [InlineData("America/Los_Angeles", "2026-W22@America/Los_Angeles", "2026-06-01T07:00:00Z", 241_200)]
    public async Task Week_IsSpentUntilMondayOfItsZone(string? zone, string id, string end, int wait)
    {
        await using var gateway = await StartAsync(zone);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var first = await gateway.PostAsync(Body, caller);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        await gateway.ActivityAsync(caller, 1);

        using var second = await gateway.PostAsync(Body, caller);
        var limit = (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data")[0];
        gateway.Clock.MoveTo(DateTimeOffset.Parse(end, CultureInfo.InvariantCulture).AddMinutes(-5));
        using var last = await gateway.PostAsync(Body, caller);
        gateway.Clock.MoveTo(DateTimeOffset.Parse(end, CultureInfo.InvariantCulture));
        using var next = await gateway.PostAsync(Body, caller);

        var refusal = await second.ErrorAsync(HttpStatusCode.TooManyRequests);
        refusal.GetProperty("message").GetString()!.ShouldContain("per week");
        (refusal.GetProperty("window").GetString(), refusal.GetProperty("reset_at").GetString()).ShouldBe(("week", end));
        int.Parse(second.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeInRange(wait - 60, wait);
        (limit.GetProperty("window").GetString(), limit.GetProperty("window_id").GetString()).ShouldBe(("week", id));
        last.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        next.StatusCode.ShouldBe(HttpStatusCode.OK, await next.Content.ReadAsStringAsync());
        first.Header("RateLimit-Policy").ShouldBe("\"weekly.weekly\";q=1;w=604800");
    }

    private static Task<TestGateway> StartAsync(string? zone) => TestGateway.StartAsync(settings: TestCatalogue.Settings(new
    {
        plans = new
        {
            weekly = new
            {
                limits = new[] { new { name = "weekly", unit = "requests", amount = 1, window = "week", scope = "org_model", time_zone = zone } },
            },
        },
        models = new[] { TestCatalogue.Model("acme/m", new { free = new { enabled = true, plan = "weekly" } }) },
    }));
}
