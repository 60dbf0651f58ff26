using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §3: where several models were tried, a refusal tells the earliest moment at which one can serve.</summary>
public sealed class WaitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("auto:free")]
    [InlineData("acme/quick:free", "acme/slow:free")]
    [InlineData("acme/slow:free", "acme/quick:free")]
    public async Task UpstreamLimits_OfAllModelsAreSpent_TellsTheFirstToBeWholeAgain(params string[] slugs)
    {
        await using var gateway = await StartAsync("acme/quick", "acme/slow");
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await ServeAsync(gateway, caller, "acme/quick:free", "acme/slow:free");

        using var refused = await AskAsync(gateway, caller, slugs);

        (await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        Wait(refused).ShouldBeLessThanOrEqualTo(Minute);
        refused.Headers.Contains("x-should-retry").ShouldBeFalse();
    }

    [Fact]
    public async Task UpstreamLimits_AreSpentForLong_TellsClientsNotToRetry()
    {
        await using var gateway = await StartAsync("acme/quick", "acme/slow", "acme/minute", "acme/day");
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await ServeAsync(gateway, caller, "acme/slow:free");

        using var refused = await AskAsync(gateway, caller, "acme/slow:free");

        await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        Wait(refused).ShouldBeGreaterThan(Minute);
        refused.Header("x-should-retry").ShouldBe("false");
    }

    [Theory]
    [InlineData("acme/minute:free", "acme/slow:free")]
    [InlineData("acme/slow:free", "acme/minute:free")]
    public async Task OwnLimit_EndsBeforeTheOthersUpstreamLimit_IsTheRefusalThatIsTold(params string[] slugs)
    {
        await using var gateway = await StartAsync("acme/quick", "acme/slow", "acme/minute", "acme/day");
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await ServeAsync(gateway, caller, "acme/minute:free", "acme/slow:free");

        using var refused = await AskAsync(gateway, caller, slugs);

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
        error.GetProperty("limit_source").GetString().ShouldBe("by-minute.a-minute");
        error.GetProperty("message").GetString()!.ShouldContain("'acme/minute:free' is the first that can again");
        Wait(refused).ShouldBeLessThanOrEqualTo(Minute);
    }

    [Fact]
    public async Task NextFree_IsSpentForAShorterTime_IsTheRefusalThatIsTold()
    {
        await using var gateway = await StartAsync("acme/slow", "acme/minute", "acme/day");
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await ServeAsync(gateway, caller, "acme/day:free", "acme/minute:free", "acme/slow:free");

        using var refused = await AskAsync(gateway, caller, "acme/day:free");

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("limit_source").GetString().ShouldBe("by-minute.a-minute");
        Wait(refused).ShouldBeLessThanOrEqualTo(Minute);
        using var check = await gateway.PostAsync(Body("acme/day:free"), caller, "api/v1/quota/check");
        var told = (await check.JsonAsync()).GetProperty("refusal");
        told.GetProperty("limit_source").GetString().ShouldBe("by-minute.a-minute");
        told.GetProperty("retry_after").GetInt64().ShouldBeLessThanOrEqualTo(60);
    }

    private static TimeSpan Wait(HttpResponseMessage refused) => refused.Headers.RetryAfter!.Delta!.Value;

    private static async Task ServeAsync(TestGateway gateway, HttpClient caller, params string[] slugs)
    {
        foreach (var slug in slugs)
        {
            using var served = await AskAsync(gateway, caller, slug);
            served.StatusCode.ShouldBe(HttpStatusCode.OK, slug);
        }

        await gateway.ActivityAsync(caller, slugs.Length);
        await Eventually.TrueAsync(async () => (await gateway.LedgerAsync("request|")).Count is 0);
        // What was leased of an upstream's limit is booked as used; until then, once a second has passed, quota/check
        // takes it for something that may come back.
        await Eventually.TrueAsync(async () => (await gateway.LedgerAsync("quota|")).All(row => row.GetInt64("Reserved") is 0));
    }

    private static async Task<HttpResponseMessage> AskAsync(TestGateway gateway, HttpClient caller, params string[] slugs)
    {
        var response = await gateway.PostAsync(Body(slugs), caller);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static string Body(params string[] slugs)
    {
        var body = new JsonObject { ["model"] = slugs[0], ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" }) };
        if (slugs.Length > 1)
        {
            body["models"] = JsonSerializer.SerializeToNode(slugs[1..]);
        }

        return body.ToJsonString();
    }

    /// <summary>Of each model one request is served; then its plan or its upstream refuses for a minute or for a day.</summary>
    private static async Task<TestGateway> StartAsync(params string[] ids)
    {
        var settings = TestCatalogue.Settings(new
        {
            upstreams = new JsonObject
            {
                ["loopback"] = Upstream(),
                ["one"] = Upstream(new { name = "a-minute", unit = "requests", amount = 1, window = "minute", scope = "upstream" }),
                ["two"] = Upstream(new { name = "a-day", unit = "requests", amount = 1, window = "day", scope = "upstream" }),
            },
            plans = new Dictionary<string, object>
            {
                ["many"] = Plan(new { name = "a-day", unit = "requests", amount = 100, window = "day", scope = "org_model" }),
                ["by-minute"] = Plan(new { name = "a-minute", unit = "requests", amount = 1, window = "minute", scope = "org_model" }),
                ["by-day"] = Plan(new { name = "a-day", unit = "requests", amount = 1, window = "day", scope = "org_model", overflow = new[] { "next_free" } }),
            },
            models = new[]
            {
                Model("acme/quick", "many", "one"),
                Model("acme/slow", "many", "two"),
                Model("acme/minute", "by-minute", "loopback"),
                Model("acme/day", "by-day", "loopback"),
            }.Where(model => ids.Contains((string)model["id"]!)),
        });
        settings["Freeway:Upstreams:one:BaseUrl"] = settings["Freeway:Upstreams:two:BaseUrl"] = TestGateway.LoopbackAddress;
        var gateway = await TestGateway.StartAsync(settings: settings);
        gateway.Clock.MoveTo(TestGateway.Noon.AddHours(1));
        return gateway;

        static object Plan(object limit) => new { limits = new[] { limit } };

        static JsonObject Upstream(params object[] limits) =>
            JsonSerializer.SerializeToNode(new { base_url = "http://127.0.0.1:1/v1", limits })!.AsObject();

        static JsonObject Model(string id, string plan, string upstream) =>
            TestCatalogue.Model(id, new { free = new { enabled = true, plan }, routes = new[] { new { upstream, model = "echo" } } });
    }
}
