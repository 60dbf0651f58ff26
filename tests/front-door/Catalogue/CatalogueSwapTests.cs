using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Catalogue;

/// <summary>The catalogue is changed while requests are under way.</summary>
public sealed class CatalogueSwapTests
{
    private const string Model = "acme/m";

    [Fact]
    public async Task Request_StraddlesAnActivation_GoesByOneVersionToItsEnd()
    {
        var gate = new LoopbackGate();
        await using var old = await UpstreamAsync(
            request => request.Chat!.Model is "first" ? new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders, Error = 503 } : null);
        await using var moved = await UpstreamAsync();
        await using var gateway = await StartAsync(("one", old.BaseUrl, "first"), ("two", old.BaseUrl, "second"));
        await gateway.TopUpAsync("demo", "500");
        var asked = gateway.ChatAsync(Model, "one two three");
        await gate.ArrivalAsync();

        await gateway.ActivateAsync(Catalogue(price: 1000, ("two", moved.BaseUrl, "elsewhere")));
        using (var other = await gateway.ChatAsync(Model, "one two three"))
        {
            other.Header("x-freeway-upstream").ShouldBe("two");
        }

        gate.Open();
        using var response = await asked;

        // The new catalogue has no upstream "one" and another address for "two": neither disturbs it.
        (response.StatusCode, response.Header("x-freeway-upstream")).ShouldBe((HttpStatusCode.OK, "two"));
        old.Requests.Select(request => request.Chat!.Model).ShouldBe(["first", "second"]);
        moved.Requests.ShouldHaveSingleItem().Chat!.Model.ShouldBe("elsewhere");
        var costs = (await gateway.ActivityAsync(2)).ToDictionary(
            record => record.GetProperty("upstream_model").GetString()!,
            record => decimal.Parse(record.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        costs["elsewhere"].ShouldBe(costs["second"] * 1000);
        costs["second"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Upstream_MovedToAnotherAddress_IsCalledThereWithItsNewKeyAndNoMemoryOfTheOldOne()
    {
        await using var old = await UpstreamAsync(_ => new LoopbackScript { Error = 500 });
        await using var moved = await UpstreamAsync();
        await using var gateway = await StartAsync(("one", old.BaseUrl, "first"));
        await gateway.TopUpAsync("demo", "5");
        for (var request = 0; request < 10; request++)
        {
            using var failed = await gateway.ChatAsync(Model);
        }

        using (var broken = await gateway.ChatAsync(Model))
        {
            (await broken.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        }

        var catalogue = Catalogue(price: 1, ("one", moved.BaseUrl, "first"));
        catalogue["upstreams"]!["one"]!["key_setting"] = "MOVED_KEY";
        await gateway.ActivateAsync(catalogue);

        using var response = await gateway.ChatAsync(Model);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        moved.Requests.ShouldHaveSingleItem().Headers["authorization"].ShouldBe("Bearer sk-moved");
    }

    [Fact]
    public async Task Views_AfterASwap_ShowTheNewCatalogue()
    {
        await using var upstream = await UpstreamAsync();
        await using var gateway = await StartAsync(("one", upstream.BaseUrl, "first"));
        (await gateway.GetAsync($"api/v1/models/{Model}")).GetProperty("pricing").GetRawText().ShouldNotContain("0.001");

        await gateway.ActivateAsync(Catalogue(price: 1000, ("one", upstream.BaseUrl, "first")));

        (await gateway.GetAsync($"api/v1/models/{Model}")).GetProperty("pricing").GetRawText().ShouldContain("0.001");
    }

    private static Task<LoopbackUpstream> UpstreamAsync(Func<LoopbackRequest, LoopbackScript?>? script = null) =>
        LoopbackUpstream.StartAsync(new LoopbackOptions { Script = script }, TimeProvider.System);

    private static Task<TestGateway> StartAsync(params (string Name, string Url, string Model)[] upstreams) =>
        TestGateway.StartAsync(settings: TestCatalogue.Settings(Catalogue(price: 1, upstreams), ("MOVED_KEY", "sk-moved")));

    private static JsonObject Catalogue(int price, params (string Name, string Url, string Model)[] upstreams)
    {
        var model = TestCatalogue.Model(Model, new { usd_per_million_tokens = new { input = price, output = price } });
        model["routes"] = new JsonArray([.. upstreams.Select(upstream => new JsonObject { ["upstream"] = upstream.Name, ["model"] = upstream.Model })]);
        return new JsonObject
        {
            ["version"] = 1,
            ["upstreams"] = new JsonObject(upstreams.Select(upstream => KeyValuePair.Create(upstream.Name, (JsonNode?)new JsonObject { ["base_url"] = upstream.Url }))),
            ["models"] = new JsonArray(model),
        };
    }
}
