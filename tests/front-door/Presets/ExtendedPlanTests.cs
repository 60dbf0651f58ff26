using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>A preset's plan that the catalogue's file adjusts, and the accounts that upstreams share.</summary>
public sealed class ExtendedPlanTests
{
    /// <summary>FastRouter's ten a day become two, of a day in Shanghai, and the models need not be told.</summary>
    [Fact]
    public async Task PresetsPlan_ExtendedUnderItsOwnName_HasTheCataloguesNumbers()
    {
        await using var gateway = await StartAsync(new JsonObject
        {
            ["presets"] = new JsonArray("fastrouter"),
            ["plans"] = JsonNode.Parse("""
                { "fastrouter-free": { "extends": "fastrouter-free",
                  "limits": [ { "name": "daily", "amount": 2, "time_zone": "Asia/Shanghai" } ] } }
                """),
            ["models"] = new JsonArray(PresetGateway.Free("acme/a", "fastrouter-free")),
        });
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 2);

        using (var refused = await gateway.AskAsync(caller, "acme/a:free"))
        {
            var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
            error.GetProperty("quota_limit").GetInt64().ShouldBe(2);
            error.GetProperty("reset_at").GetString().ShouldBe("2026-05-29T16:00:00Z");
        }

        gateway.Clock.MoveTo(new DateTimeOffset(2026, 5, 29, 16, 0, 0, TimeSpan.Zero));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    /// <summary>Two keys of one account have three requests a day together: a second key gives no second allowance.</summary>
    [Fact]
    public async Task Upstreams_OfOneAccount_NeverSendMoreThanItAllows()
    {
        const string limits = """[ { "name": "daily", "unit": "requests", "amount": 3, "window": "day", "scope": "upstream" } ]""";
        await using var gateway = await StartAsync(new JsonObject
        {
            ["presets"] = new JsonArray("fastrouter"),
            ["upstreams"] = JsonNode.Parse($$"""
                {
                  "loopback": { "base_url": "http://127.0.0.1:1/v1", "account": "ours", "limits": {{limits}} },
                  "second": { "base_url": "http://127.0.0.1:1/v1", "account": "ours", "limits": {{limits}} }
                }
                """),
            ["models"] = new JsonArray(
                PresetGateway.Free("acme/a", "fastrouter-free"),
                TestCatalogue.Model("acme/b", new
                {
                    free = new { enabled = true, plan = "fastrouter-free" },
                    routes = new[] { new { upstream = "second", model = "echo" } },
                })),
        });
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 2);
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.ServiceUnavailable, "overloaded");
        await gateway.RefusedAsync(caller, "acme/b:free", HttpStatusCode.ServiceUnavailable, "overloaded");
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);
    }

    private static async Task<TestGateway> StartAsync(JsonObject catalogue)
    {
        var gateway = await TestGateway.StartAsync(null, TestCatalogue.Settings(catalogue, ("Freeway:Upstreams:second:BaseUrl", TestGateway.LoopbackAddress)));
        gateway.Clock.MoveTo(TestGateway.Noon.AddHours(1));
        return gateway;
    }
}
