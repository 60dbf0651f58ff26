using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §5: cached input has, where a plan says so, its own weight in limits.</summary>
public sealed class CachedWeightTests
{
    /// <summary>A thousand tokens of input, of which the upstream had 800 in its cache, and ten of output.</summary>
    private const string Answer = """
        {"id":"1","object":"chat.completion","created":1780000000,"model":"m",
         "choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1010,"prompt_tokens_details":{"cached_tokens":800}}}
        """;

    [Theory]
    [InlineData(null, 1010)]
    [InlineData(25, 410)]
    [InlineData(0, 210)]
    public async Task CachedInput_CountsOfALimitAsThePlanSays(int? percent, long used)
    {
        await using var upstream = await RawUpstream.StartAsync("application/json", Answer);
        await using var gateway = await StartAsync(upstream, percent);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var answer = await AskAsync(gateway, caller, "acme/m:free");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        record.GetProperty("total_tokens").GetInt64().ShouldBe(1010, "the record has all of them");
        (await UsedAsync(gateway, caller, "limited.daily")).ShouldBe(used);
    }

    /// <summary>A gift covers the cached tokens first: what is beyond it is billed as input and output.</summary>
    [Theory]
    [InlineData(null, 900, 900, "0.00012")] // 100 of input at $1 and 10 of output at $2 a million
    [InlineData(25, 300, 900, "0.00012")] // 800 cached ones count as 200
    [InlineData(25, 100, 400, "0.00026")] // 400 cached ones as 100; the others at $0.1
    [InlineData(25, 410, 1010, "0.00")]
    public async Task CachedInput_CountsOfAGiftAsThePlanSays(int? percent, int amount, long gifted, string cost)
    {
        await using var upstream = await RawUpstream.StartAsync("application/json", Answer);
        await using var gateway = await StartAsync(upstream, percent, amount);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var answer = await AskAsync(gateway, caller, "acme/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        (record.GetProperty("gifted_tokens").GetInt64(), record.GetProperty("billed_tokens").GetInt64()).ShouldBe((gifted, 1010 - gifted));
        record.GetProperty("cost_usd").GetString().ShouldBe(cost);
        (await UsedAsync(gateway, caller, "gifts.daily")).ShouldBe(amount);
    }

    private static Task<HttpResponseMessage> AskAsync(TestGateway gateway, HttpClient caller, string model) => gateway.PostAsync(
        JsonSerializer.Serialize(new { model, max_tokens = 100, messages = new[] { new { role = "user", content = "hello" } } }), caller);

    private static async Task<long> UsedAsync(TestGateway gateway, HttpClient caller, string id) =>
        (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").EnumerateArray()
            .Single(limit => limit.GetProperty("id").GetString() == id).GetProperty("used").GetInt64();

    private static Task<TestGateway> StartAsync(RawUpstream upstream, int? percent, int amount = 5000) =>
        TestGateway.StartAsync(settings: TestCatalogue.Settings(new
        {
            upstreams = new { one = new { base_url = upstream.BaseUrl } },
            default_plan = "gifts",
            plans = new
            {
                gifts = new
                {
                    billing = "prepaid",
                    cached_input_percent = percent,
                    limits = new[] { new { name = "daily", unit = "tokens", amount, window = "day", scope = "org_model", overflow = new[] { "bill" } } },
                },
                limited = new
                {
                    cached_input_percent = percent,
                    limits = new[] { new { name = "daily", unit = "tokens", amount = 5000, window = "day", scope = "org_model" } },
                },
            },
            models = new[]
            {
                TestCatalogue.Model("acme/m", new
                {
                    usd_per_million_tokens = new { input = 1, cached_input = 0.1, output = 2 },
                    free = new { enabled = true, plan = "limited" },
                    routes = new[] { new { upstream = "one", model = "m" } },
                }),
            },
        }));
}
