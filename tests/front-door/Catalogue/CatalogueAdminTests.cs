using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Catalogue;

/// <summary>The catalogue through the admin API.</summary>
public sealed class CatalogueAdminTests
{
    private const string Model = "acme/m";

    [Fact]
    public async Task FreeSwitch_OffAndOnAgain_CountsAtOnceAndIsAudited()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.OK);

        var report = await admin.DoneAsync("PATCH", $"models/{Model}", """{"free":{"enabled":false}}""");

        report.GetProperty("version").GetInt32().ShouldBe(2);
        var field = report.GetProperty("models").GetProperty("data")[0].GetProperty("fields").EnumerateArray().ShouldHaveSingleItem();
        (field.GetProperty("field").GetString(), field.GetProperty("before").GetBoolean(), field.GetProperty("after").GetBoolean()).ShouldBe(("free.enabled", true, false));
        using (var refused = await gateway.ChatAsync(Model + ":free"))
        {
            (await refused.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("free_slug_not_enabled");
        }

        // Back where it was: the same content is the same version.
        (await admin.DoneAsync("PATCH", $"models/{Model}", """{"free":{"enabled":true}}""")).GetProperty("version").GetInt32().ShouldBe(1);
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.OK);
        (await admin.DoneAsync("GET", "catalogue/versions")).GetProperty("data").GetArrayLength().ShouldBe(2);
        var audit = (await admin.DoneAsync("GET", "audit?kind=catalogue")).GetProperty("data").EnumerateArray().First();
        audit.GetProperty("action").GetString().ShouldBe("catalogue.model");
        audit.GetProperty("before").GetProperty("model").GetProperty("entry").GetProperty("free").GetProperty("enabled").GetBoolean().ShouldBeFalse();
        audit.GetProperty("after").GetProperty("model").GetProperty("entry").GetProperty("free").GetProperty("enabled").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task DryRun_OfAPlanLess_TellsWhoLosesWhatAndChangesNothing()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        await gateway.NewCallerAsync(new Org("pro", "Pro") { Plan = "pro" });
        await gateway.NewCallerAsync(new Org("vip", "Vip") { Premium = true });
        var catalogue = Catalogue(daily: 5);
        catalogue["plans"]!.AsObject().Remove("pro");
        var body = new JsonObject { ["catalogue"] = catalogue }.ToJsonString();

        var report = await admin.DoneAsync("POST", "catalogue/versions?dry_run=true", body);

        report.GetProperty("dry_run").GetBoolean().ShouldBeTrue();
        report.GetProperty("version").ValueKind.ShouldBe(JsonValueKind.Null);
        var plans = report.GetProperty("plans");
        (plans.GetProperty("removed").GetInt32(), plans.GetProperty("changed").GetInt32()).ShouldBe((1, 1));
        var orgs = report.GetProperty("orgs");
        (orgs.GetProperty("looked").GetInt64(), orgs.GetProperty("changed").GetInt64(), orgs.GetProperty("losing_their_plan").GetInt64()).ShouldBe((3, 3, 1));
        var all = orgs.GetProperty("data").EnumerateArray().ToDictionary(org => org.GetProperty("org").GetString()!);
        (all["pro"].GetProperty("plan_before").GetString(), all["pro"].GetProperty("plan_after").GetString(), all["pro"].GetProperty("loses_its_plan").GetBoolean()).ShouldBe(("pro", "pay-as-you-go", true));
        Limit(all["demo"]).ShouldBe((10, 5));
        Limit(all["vip"]).ShouldBe((100, 50), "a condition of the limit holds for it");
        report.GetProperty("warnings").EnumerateArray().Single().GetString()!.ShouldContain("1 organisation(s) have a plan that goes away");
        (await admin.DoneAsync("GET", "catalogue")).GetProperty("latest").GetInt32().ShouldBe(1);
        (await admin.DoneAsync("GET", "catalogue/versions")).GetProperty("data").GetArrayLength().ShouldBe(1);

        (decimal, decimal) Limit(JsonElement org)
        {
            var limit = org.GetProperty("limits").EnumerateArray().Single(limit => limit.GetProperty("id").GetString() == "free.daily");
            return (limit.GetProperty("before").GetDecimal(), limit.GetProperty("after").GetDecimal());
        }
    }

    [Fact]
    public async Task Version_WithMistakes_TellsAllOfThemWithTheirPlaces()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        var catalogue = Catalogue(daily: -1);
        catalogue["models"]![0]!["context_length"] = 0;
        catalogue["default_plan"] = "nowhere";

        using var refused = await admin.OrderAsync("POST", "catalogue/versions", new JsonObject { ["catalogue"] = catalogue }.ToJsonString());

        var error = await refused.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("errors").EnumerateArray().Select(wrong => wrong.GetProperty("param").GetString())
            .ShouldBe(["plans.free.limits[0].amount", "models[0].context_length", "default_plan"], ignoreOrder: true);
        (await admin.DoneAsync("GET", "catalogue")).GetProperty("latest").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Version_StoredActivatedRolledBack_IsServedAsLongAsItIsActive()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        var body = new JsonObject { ["catalogue"] = Catalogue(daily: 1), ["comment"] = "Hard times" }.ToJsonString();

        using (var made = await admin.OrderAsync("POST", "catalogue/versions", body))
        {
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
            made.Headers.Location!.ToString().ShouldBe("/api/v1/admin/catalogue/versions/2");
        }

        (await RemainingAsync(gateway)).ShouldBe(10, "it is only stored");
        using (var activated = await admin.OrderAsync("POST", "catalogue/activations", """{"version":2}""", once: "go"))
        using (var again = await admin.OrderAsync("POST", "catalogue/activations", """{"version":2}""", once: "go"))
        {
            activated.StatusCode.ShouldBe(HttpStatusCode.OK);
            again.Header("x-freeway-idempotent").ShouldBe("replayed");
            (await again.JsonAsync()).GetRawText().ShouldBe((await activated.JsonAsync()).GetRawText());
        }

        (await RemainingAsync(gateway)).ShouldBe(1);
        (await admin.DoneAsync("GET", "catalogue/versions/2")).GetProperty("version").GetProperty("comment").GetString().ShouldBe("Hard times");
        await admin.DoneAsync("POST", "catalogue/activations", """{"version":1}""");
        (await RemainingAsync(gateway)).ShouldBe(10);
        using var unknown = await admin.OrderAsync("POST", "catalogue/activations", """{"version":7}""");
        (await unknown.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("version");
    }

    [Fact]
    public async Task Change_OfWhatIsNoLongerSo_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        EntityTagHeaderValue seen;
        using (var look = await admin.GetAsync(new Uri($"api/v1/admin/models/{Model}", UriKind.Relative)))
        {
            seen = look.Headers.ETag!;
        }

        await admin.DoneAsync("PATCH", $"models/{Model}", """{"name":"Another"}""");

        using var late = await admin.OrderAsync("PATCH", $"models/{Model}", """{"name":"Late"}""", ifMatch: seen);
        (await late.ErrorAsync(HttpStatusCode.PreconditionFailed)).GetProperty("code").GetString().ShouldBe("precondition_failed");
        (await admin.DoneAsync("GET", $"models/{Model}")).GetProperty("entry").GetProperty("name").GetString().ShouldBe("Another");
    }

    [Fact]
    public async Task Schedule_AtItsTime_CountsAndCanBeCancelledBefore()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();
        var at = gateway.Clock.GetUtcNow() + TimeSpan.FromMinutes(5);

        var report = await admin.DoneAsync("PATCH", $"models/{Model}?at={at.UtcDateTime:O}", """{"free":{"enabled":false}}""");
        report.GetProperty("active").GetInt32().ShouldBe(1);
        (await admin.DoneAsync("GET", "catalogue")).GetProperty("scheduled").GetProperty("version").GetInt32().ShouldBe(2);
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.OK);
        using (var cancelled = await admin.OrderAsync("DELETE", "catalogue/activations"))
        {
            cancelled.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        gateway.Clock.MoveOn(TimeSpan.FromMinutes(6));
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.OK);
        await admin.DoneAsync("POST", "catalogue/activations", $$"""{"version":2,"at":"{{gateway.Clock.GetUtcNow() + TimeSpan.FromMinutes(5):O}}"}""");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(4));
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.OK);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        (await StatusAsync(gateway)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Entries_AddedChangedAndTakenAway_MakeACatalogueThatIsServed()
    {
        await using var gateway = await StartAsync();
        using var admin = gateway.Admin();

        await admin.DoneAsync("PUT", "plans/tiny", """{"limits":[{"name":"daily","unit":"requests","amount":1,"window":"day","scope":"org_model"}]}""");
        await admin.DoneAsync("PUT", "models/acme/other:v2", """{"context_length":4096,"usd_per_million_tokens":{"input":0,"output":0},"free":{"enabled":true,"plan":"tiny"},"routes":[{"upstream":"loopback","model":"echo"}]}""");
        using (var first = await gateway.ChatAsync("acme/other:v2:free"))
        using (var second = await gateway.ChatAsync("acme/other:v2:free"))
        {
            (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.TooManyRequests));
        }

        using (var needed = await admin.OrderAsync("DELETE", "plans/tiny"))
        {
            (await needed.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("message").GetString()!.ShouldContain("there is no plan 'tiny'");
        }

        await admin.DoneAsync("DELETE", "models/acme%2Fother%3Av2");
        await admin.DoneAsync("DELETE", "plans/tiny");
        using var gone = await admin.OrderAsync("GET", "models/acme/other:v2");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.DoneAsync("GET", "models")).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await admin.DoneAsync("GET", "presets")).GetProperty("data").EnumerateArray().Select(preset => preset.GetProperty("name").GetString()).ShouldContain("fastrouter");
        await admin.DoneAsync("PUT", "upstreams/groq", """{"preset":"groq"}""");
        (await admin.DoneAsync("GET", "upstreams/groq")).GetProperty("whole").GetProperty("key_setting").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Plan_OfAPreset_IsChangedInThisVersionAlone()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        await admin.DoneAsync("PATCH", "plans/fastrouter-free", """{"limits":[{"name":"daily","unit":"requests","amount":2,"window":"day","scope":"org_model"}]}""");

        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("limit").GetInt64().ShouldBe(2);
        await admin.DoneAsync("POST", "catalogue/activations", """{"version":1}""");
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("limit").GetInt64().ShouldBe(10);
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: TestCatalogue.Settings(Catalogue(daily: 10)));

    private static JsonObject Catalogue(int daily) => (JsonObject)JsonSerializer.SerializeToNode(new
    {
        version = 1,
        upstreams = new { loopback = new { base_url = "http://127.0.0.1:1/v1" } },
        plans = new
        {
            free = new
            {
                limits = new[]
                {
                    new
                    {
                        name = "daily", unit = "requests", amount = daily, window = "day", scope = "org_model",
                        amounts = new[] { new { when = new { premium = true }, amount = Math.Max(1, daily * 10) } },
                    },
                },
            },
            pro = new { billing = "prepaid" },
        },
        models = new[] { TestCatalogue.Model(Model, new { free = new { enabled = true, plan = "free" } }) },
    })!;

    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway)
    {
        using var response = await gateway.ChatAsync(Model + ":free");
        return response.StatusCode;
    }

    private static async Task<long> RemainingAsync(TestGateway gateway) =>
        (await gateway.GetAsync($"api/v1/quota/{Model}:free")).GetProperty("data")[0].GetProperty("remaining").GetInt64();
}
