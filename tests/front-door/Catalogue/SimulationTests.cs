using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Catalogue;

/// <summary>A day of real requests, replayed.</summary>
public sealed class SimulationTests
{
    private static readonly string[] Slugs = ["acme/requests:free", "acme/tokens:free", "acme/minute:free", "acme/tokens", "acme/requests"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Day_ReplayedAgainstThePlanItRanUnder_IsTheSame(int seed)
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        await PlayAsync(gateway, new Random(seed), requests: 60);

        var report = await admin.DoneAsync("POST", "simulations", """{"day":"2026-05-29","version":1}""");

        report.GetProperty("unexplained").GetInt64().ShouldBe(0);
        var lines = report.GetProperty("lines").EnumerateArray().ToList();
        lines.Count.ShouldBe(3);
        foreach (var line in lines)
        {
            line.GetProperty("after").GetRawText().ShouldBe(line.GetProperty("before").GetRawText(), line.GetRawText());
        }

        // The day had something of everything.
        var before = report.GetProperty("before");
        foreach (var sum in new[] { "admitted", "refused", "free_tokens", "gifted_tokens", "paid_tokens", "cost_nanos" })
        {
            before.GetProperty(sum).GetInt64().ShouldBeGreaterThan(0, sum);
        }
    }

    [Fact]
    public async Task Day_ReplayedAgainstSmallerAndLargerLimits_TellsWhatTheyWouldHaveDone()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        for (var request = 0; request < 12; request++)
        {
            using var response = await gateway.ChatAsync("acme/requests:free");
        }

        await gateway.ActivityAsync(8);
        await EndDayAsync(gateway, refused: 4);

        var less = await SimulateAsync(admin, daily: 3);
        Sums(less, "before").ShouldBe((8, 4));
        Sums(less, "after").ShouldBe((3, 9));
        less.GetProperty("refused_by").GetProperty("free.daily").GetInt64().ShouldBe(9);

        var more = await SimulateAsync(admin, daily: 10);
        Sums(more, "after").ShouldBe((10, 2));

        var admittedOnly = await admin.DoneAsync("POST", "simulations", """{"day":"2026-05-29","version":1,"include_refused":false,"orgs":["demo"]}""");
        Sums(admittedOnly, "before").ShouldBe((8, 0));
        (await admin.DoneAsync("POST", "simulations", """{"day":"2026-05-29","version":1,"orgs":["nobody"]}""")).GetProperty("orgs").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Day_ReplayedAtOtherPrices_CostsWhatItWouldHave()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        await gateway.TopUpAsync("demo", "5");
        for (var request = 0; request < 5; request++)
        {
            using var response = await AskAsync(gateway, "acme/requests", words: 5);
        }

        await gateway.ActivityAsync(5);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));

        var catalogue = Catalogue(daily: 8);
        catalogue["models"]![0]!["usd_per_million_tokens"] = new JsonObject { ["input"] = 600, ["output"] = 1200 };
        var report = await admin.DoneAsync("POST", "simulations", new JsonObject { ["day"] = "2026-05-29", ["catalogue"] = catalogue }.ToJsonString());

        var (before, after) = (report.GetProperty("before"), report.GetProperty("after"));
        before.GetProperty("cost_nanos").GetInt64().ShouldBeGreaterThan(0);
        after.GetProperty("cost_nanos").GetInt64().ShouldBe(3 * before.GetProperty("cost_nanos").GetInt64());
        after.GetProperty("paid_tokens").GetInt64().ShouldBe(before.GetProperty("paid_tokens").GetInt64());
    }

    [Theory]
    [InlineData("""{"day":"2026-05-29","version":1}""", "day")]
    [InlineData("""{"version":1}""", "day")]
    [InlineData("""{"day":"2026-05-28"}""", "version")]
    [InlineData("""{"day":"2026-05-28","version":1,"colour":"red"}""", "colour")]
    [InlineData("""{"day":"2026-05-28","version":9}""", "version")]
    public async Task Simulation_ThatCannotBe_IsRefusedByField(string body, string param)
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();

        using var refused = await admin.OrderAsync("POST", "simulations", body);

        (await refused.ErrorAsync(System.Net.HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(param);
    }

    private static async Task<JsonElement> SimulateAsync(HttpClient admin, int daily) =>
        await admin.DoneAsync("POST", "simulations", new JsonObject { ["day"] = "2026-05-29", ["catalogue"] = Catalogue(daily) }.ToJsonString());

    private static (long Admitted, long Refused) Sums(JsonElement report, string when) =>
        (report.GetProperty(when).GetProperty("admitted").GetInt64(), report.GetProperty(when).GetProperty("refused").GetInt64());

    /// <summary>Requests of all kinds, one after the other, until all that can be spent is spent.</summary>
    private static async Task PlayAsync(TestGateway gateway, Random chance, int requests)
    {
        await gateway.TopUpAsync("demo", "1");
        var (admitted, refused) = (0, 0);
        for (var request = 0; request < requests; request++)
        {
            gateway.Clock.MoveOn(TimeSpan.FromSeconds(chance.Next(3, 20)));
            using var response = await AskAsync(gateway, Slugs[chance.Next(Slugs.Length)], chance.Next(1, 12));
            admitted += response.IsSuccessStatusCode ? 1 : 0;
            refused += response.IsSuccessStatusCode ? 0 : 1;
        }

        await gateway.ActivityAsync(admitted, "?limit=1000");
        await EndDayAsync(gateway, refused);
    }

    /// <summary>Moves on to the next day, once what was refused is written down.</summary>
    private static async Task EndDayAsync(TestGateway gateway, int refused)
    {
        gateway.Clock.MoveTo(TestGateway.Noon.AddDays(1));
        await Eventually.GetAsync(
            async () => (await gateway.GetAsync("api/v1/refusals?limit=1000")).GetProperty("data").EnumerateArray().Sum(line => line.GetProperty("count").GetInt64()),
            seen => seen >= refused);
    }

    private static async Task<HttpResponseMessage> AskAsync(TestGateway gateway, string model, int words)
    {
        var text = string.Join(' ', Enumerable.Repeat("word", words));
        var response = await gateway.PostAsync(JsonSerializer.Serialize(new { model, max_tokens = 20, messages = new[] { new { role = "user", content = text } } }));
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: TestCatalogue.Settings(Catalogue(daily: 8)));

    private static JsonObject Catalogue(int daily)
    {
        var price = new { input = 200, output = 400 };
        return (JsonObject)JsonSerializer.SerializeToNode(new
        {
            version = 1,
            default_plan = "gift",
            upstreams = new { loopback = new { base_url = "http://127.0.0.1:1/v1" } },
            plans = new Dictionary<string, object>
            {
                ["free"] = new { limits = new[] { Limit("daily", "requests", daily, "day", "org_model") } },
                ["tokens"] = new { limits = new[] { Limit("daily-tokens", "tokens", 150, "day", "org_model") } },
                ["minute"] = new { limits = new[] { Limit("rpm", "requests", 2, "minute", "org"), Limit("monthly", "requests", 9, "month", "org") } },
                ["gift"] = new
                {
                    billing = "prepaid",
                    models = new[] { "acme/tokens" },
                    limits = new[] { new { name = "gift", unit = "tokens", amount = 100, window = "day", scope = "org", overflow = new[] { "bill" } } },
                },
            },
            models = new[]
            {
                TestCatalogue.Model("acme/requests", new { usd_per_million_tokens = price, free = new { enabled = true, plan = "free" } }),
                TestCatalogue.Model("acme/tokens", new { usd_per_million_tokens = price, free = new { enabled = true, plan = "tokens" } }),
                TestCatalogue.Model("acme/minute", new { usd_per_million_tokens = price, free = new { enabled = true, plan = "minute" } }),
            },
        })!;
    }

    private static object Limit(string name, string unit, int amount, string window, string scope) => new { name, unit, amount, window, scope };
}
