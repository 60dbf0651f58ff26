using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Catalogue;
using Freeway.Runner.Loopback;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Catalogue;

/// <summary>The catalogue is changed while requests are under way.</summary>
public sealed class CatalogueSwapTests
{
    private const string Model = "acme/m";

    [Fact]
    public async Task Request_StraddlesAnActivation_GoesByOneVersionToItsEnd()
    {
        var gate = new LoopbackGate();
        await using var moved = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        await using var gateway = await TestGateway.StartAsync(
            request => request.Chat!.Model is "first" ? new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders, Error = 503 } : null,
            Settings(("one", "", "first"), ("two", "", "second")));
        await gateway.TopUpAsync("demo", "500");
        var asked = gateway.ChatAsync(Model, "one two three");
        await gate.ArrivalAsync();

        Activate(gateway, price: 1000, ("two", moved.BaseUrl, "elsewhere"));
        using (var other = await gateway.ChatAsync(Model, "one two three"))
        {
            other.Header("x-freeway-upstream").ShouldBe("two");
        }

        gate.Open();
        using var response = await asked;

        // The new catalogue has no upstream "one" and another address for "two": neither disturbs it.
        (response.StatusCode, response.Header("x-freeway-upstream")).ShouldBe((HttpStatusCode.OK, "two"));
        gateway.Upstream.Requests.Select(request => request.Chat!.Model).ShouldBe(["first", "second"]);
        moved.Requests.ShouldHaveSingleItem().Chat!.Model.ShouldBe("elsewhere");
        var costs = (await gateway.ActivityAsync(2)).ToDictionary(
            record => record.GetProperty("upstream_model").GetString()!,
            record => decimal.Parse(record.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        costs["second"].ShouldBeLessThan(0.001m);
        costs["elsewhere"].ShouldBeGreaterThan(costs["second"] * 100);
    }

    [Fact]
    public async Task Upstream_MovedToAnotherAddress_IsCalledThereWithItsNewKeyAndNoMemoryOfTheOldOne()
    {
        await using var moved = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 500 }, Settings(("one", "", "first")));
        await gateway.TopUpAsync("demo", "5");
        for (var request = 0; request < 10; request++)
        {
            using var failed = await gateway.ChatAsync(Model);
        }

        using (var broken = await gateway.ChatAsync(Model))
        {
            (await broken.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        }

        Activate(gateway, price: 1, ("one", moved.BaseUrl, "first"));

        using var response = await gateway.ChatAsync(Model);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        moved.Requests.ShouldHaveSingleItem().Headers["authorization"].ShouldBe("Bearer sk-moved");
    }

    [Fact]
    public async Task Views_AfterASwap_ShowTheNewCatalogue()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Settings(("one", "", "first")));
        (await gateway.GetAsync($"api/v1/models/{Model}")).GetProperty("pricing").GetRawText().ShouldNotContain("1000");

        Activate(gateway, price: 1000, ("one", gateway.Upstream.BaseUrl, "first"));

        (await gateway.GetAsync($"api/v1/models/{Model}")).GetProperty("pricing").GetRawText().ShouldContain("0.001");
        using var unknown = await gateway.Http.GetAsync(new Uri("api/v1/quota/acme/other", UriKind.Relative));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static void Activate(TestGateway gateway, int price, params (string Name, string Url, string Model)[] upstreams)
    {
        var reader = new CatalogueReader(name => name is "MOVED_KEY" ? "sk-moved" : null);
        var json = Catalogue(price, upstreams);
        json["version"] = 1;
        foreach (var upstream in json["upstreams"]!.AsObject())
        {
            upstream.Value!["key_setting"] = "MOVED_KEY";
        }

        var snapshot = reader.Read(JsonSerializer.SerializeToUtf8Bytes(json));
        reader.Errors.ShouldBeEmpty();
        gateway.Host.Services.GetRequiredService<CurrentCatalogue>().Put(snapshot!);
    }

    private static Dictionary<string, string?> Settings(params (string Name, string Url, string Model)[] upstreams)
    {
        var settings = TestCatalogue.Settings(Catalogue(price: 1, [.. upstreams.Select(upstream => upstream with { Url = "http://127.0.0.1:1/v1" })]));
        foreach (var (name, _, _) in upstreams)
        {
            settings[$"Freeway:Upstreams:{name}:BaseUrl"] = TestGateway.LoopbackAddress;
        }

        return settings;
    }

    private static JsonObject Catalogue(int price, (string Name, string Url, string Model)[] upstreams)
    {
        var model = TestCatalogue.Model(Model, new { usd_per_million_tokens = new { input = price, output = price } });
        model["routes"] = new JsonArray([.. upstreams.Select(upstream => new JsonObject { ["upstream"] = upstream.Name, ["model"] = upstream.Model })]);
        return new JsonObject
        {
            ["upstreams"] = new JsonObject(upstreams.Select(upstream => KeyValuePair.Create(upstream.Name, (JsonNode?)new JsonObject { ["base_url"] = upstream.Url }))),
            ["models"] = new JsonArray(model),
        };
    }
}
