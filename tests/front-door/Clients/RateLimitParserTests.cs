using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Policies;
using static Freeway.FrontDoor.Tests.Support.Offers;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>The rate-limit headers as parsers of npm read them: <c>structured-headers</c> and <c>ratelimit-header-parser</c>.</summary>
public sealed class RateLimitParserTests
{
    [Fact]
    public async Task Headers_OfTwoLimits_AreReadByBothParsers()
    {
        await using var gateway = await Offers.StartAsync(Plan("open", Requests("rpm", 20, LimitWindow.Minute), Requests("daily", 50, LimitWindow.Day)));

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
