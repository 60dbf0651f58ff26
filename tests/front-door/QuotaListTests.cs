using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>
/// <c>GET quota</c>: the limits by which some request of this key could be refused or paid, and no others.
/// </summary>
public sealed class QuotaListTests
{
    private static readonly object Daily = new { name = "daily", unit = "requests", amount = 10, window = "day", scope = "org_model" };

    private static readonly object Minute = new { name = "minute", unit = "requests", amount = 20, window = "minute", scope = "org" };

    [Fact]
    public async Task Quota_OfAKey_ListsTheLimitsOfEachPlanThatIsOpenToIt_AndTheOrgsOnceOnly()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        // The minute is the org's over all models, and so one limit; days are each model's own.
        (await ListedAsync(gateway, caller)).ShouldBe(
            ["account", "everyone.daily acme/a", "everyone.daily acme/b", "everyone.minute", "gifts.daily", "other.daily acme/c"]);
    }

    [Fact]
    public async Task Quota_OfAKeyOfSomeModels_LeavesOutThePlansOfTheOthers()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"), key => key with { AllowedModels = ["acme/c"] });

        (await ListedAsync(gateway, caller)).ShouldBe(["account", "other.daily acme/c"]);
    }

    [Fact]
    public async Task Quota_OfAnOrgThatMeetsACondition_HasThePlanThatItOpens()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { Premium = true });

        (await ListedAsync(gateway, caller)).ShouldContain("premium.daily acme/d");
    }

    [Fact]
    public async Task Quota_OfAModelThatLeftFree_IsNotListedAnyMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var admin = gateway.Admin();

        await admin.DoneAsync("PATCH", "models/acme%2Fc", """{"free":{"enabled":false}}""");

        (await ListedAsync(gateway, caller)).ShouldNotContain("other.daily acme/c");
    }

    [Fact]
    public async Task Quota_OfAKeyWithLimitsOfItsOwn_ListsThemBesideThePlans()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(
            new Org("acme", "Acme") { MonthlyCeilingNanos = 5_000_000_000 },
            key => key with
            {
                AllowedModels = ["acme/c"],
                MonthlyCeilingNanos = 1_000_000_000,
                Limits =
                [
                    new KeyLimit("own", "requests", 5, "day", "key"),
                    new KeyLimit("elsewhere", "requests", 5, "day", "key") { Models = ["acme/a"] },
                ],
            });

        (await ListedAsync(gateway, caller)).ShouldBe(["account", "api_key.own", "ceiling.key", "ceiling.org", "other.daily acme/c"]);
    }

    private static async Task<IEnumerable<string>> ListedAsync(TestGateway gateway, HttpClient caller) =>
        (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").EnumerateArray()
            .Select(limit => limit.TryGetProperty("model", out var model) ? $"{limit.GetProperty("id")} {model}" : $"{limit.GetProperty("id")}")
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// A preset that no model uses; plans for everybody, for one more model, for who is premium, of a model without
    /// free use, of one that is off, and of none; bare ids have a gift on one model.
    /// </summary>
    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: TestCatalogue.Settings(new
    {
        presets = new[] { "fastrouter" },
        default_plan = "gifts",
        plans = new
        {
            gifts = new
            {
                billing = "prepaid",
                limits = new[]
                {
                    new { name = "daily", unit = "tokens", amount = 100, window = "day", scope = "org", models = new[] { "acme/a" }, overflow = new[] { "bill" } },
                },
            },
            everyone = new { limits = new[] { Minute, Daily } },
            other = new { limits = new[] { Daily } },
            premium = new { eligible = new { premium = true }, limits = new[] { Daily } },
            unused = new { limits = new[] { Daily } },
        },
        models = new[]
        {
            Free("acme/a", "everyone"), Free("acme/b", "everyone"), Free("acme/c", "other"), Free("acme/d", "premium"),
            TestCatalogue.Model("acme/e", new { free = new { enabled = false, plan = "unused" } }),
            TestCatalogue.Model("acme/f", new { enabled = false, free = new { enabled = true, plan = "unused" } }),
        },
    }));

    private static System.Text.Json.Nodes.JsonObject Free(string id, string plan) =>
        TestCatalogue.Model(id, new { free = new { enabled = true, plan } });
}
