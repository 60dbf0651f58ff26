using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>The rate-limit headers as parsers of npm read them: <c>structured-headers</c> and <c>ratelimit-header-parser</c>.</summary>
public sealed class RateLimitParserTests
{
    [Fact]
    public async Task Headers_OfTwoLimits_AreReadByBothParsers()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new
        {
            plans = new
            {
                open = new
                {
                    limits = new[]
                    {
                        new { name = "rpm", unit = "requests", amount = 20, window = "minute", scope = "org" },
                        new { name = "daily", unit = "requests", amount = 50, window = "day", scope = "org" },
                    },
                },
            },
            models = new[] { TestCatalogue.Model("demo/echo", new { free = new { enabled = true, plan = "open" } }) },
        }));

        var seen = await NodeClient.PlayAsync(gateway, "headers.mjs", "limits", new { model = "demo/echo:free" });

        seen.GetProperty("status").GetInt32().ShouldBe(200);
        var policies = seen.GetProperty("policies");
        policies.GetArrayLength().ShouldBe(2);
        policies[0].GetProperty("name").GetString().ShouldBe("open.daily");
        policies[0].GetProperty("q").GetInt64().ShouldBe(50);
        policies[0].GetProperty("w").GetInt64().ShouldBe(86_400);
        policies[1].GetProperty("name").GetString().ShouldBe("open.rpm");
        seen.GetProperty("limits")[0].GetProperty("r").GetInt64().ShouldBe(49);
        seen.GetProperty("limits")[1].GetProperty("t").GetInt64().ShouldBeInRange(1, 60);
        seen.GetProperty("tightest").GetProperty("limit").GetInt64().ShouldBe(20);
        seen.GetProperty("tightest").GetProperty("remaining").GetInt64().ShouldBe(19);
        seen.GetProperty("tightest").GetProperty("reset").GetString().ShouldBe("2026-05-29T12:01:00.000Z");
    }
}
