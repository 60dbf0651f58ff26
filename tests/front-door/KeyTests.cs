using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What callers see", the key: what it is, what binds it and what it used.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task Key_OfTheDemoOrg_SaysWhatItIs()
    {
        await using var gateway = await TestGateway.StartAsync();

        var key = await gateway.GetAsync("api/v1/key");

        key.GetProperty("object").GetString().ShouldBe("key");
        key.GetProperty("kind").GetString().ShouldBe("api");
        key.GetProperty("id").GetString().ShouldBe("demo-key");
        key.GetProperty("label").GetString().ShouldBe("Demo key");
        key.GetProperty("org").GetProperty("id").GetString().ShouldBe("demo");
        key.GetProperty("org").GetProperty("name").GetString().ShouldBe("Demo");
        key.GetProperty("plan").GetString().ShouldBe("pay-as-you-go");
        key.GetProperty("is_free_tier").GetBoolean().ShouldBeFalse("it has five dollars to try paid requests with");
        key.GetProperty("premium").GetBoolean().ShouldBeFalse();
        key.GetProperty("overflow").ValueKind.ShouldBe(JsonValueKind.Null);
        key.GetProperty("refusal_status").GetInt32().ShouldBe(429);
        key.GetProperty("monthly_ceiling_usd").ValueKind.ShouldBe(JsonValueKind.Null);
        key.GetProperty("limits").GetRawText().ShouldBe((await gateway.GetAsync("api/v1/quota")).GetProperty("data").GetRawText());
        key.GetProperty("usage").GetProperty("today").GetRawText().ShouldBe(
            """{"requests":0,"free":{"requests":0,"total_tokens":0},"gifted":{"requests":0,"tokens":0},"paid":{"requests":0,"tokens":0,"cost_usd":"0.00"}}""");
    }

    [Fact]
    public async Task Key_ThatManages_SaysWhatItIs()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        var made = await admin.DoneAsync(
            "POST", "management-keys", """{"id":"till","label":"The till","scopes":["billing"],"expires_at":"2026-12-31T00:00:00Z"}""");
        using var till = gateway.Client(made.GetProperty("secret").GetString());

        var first = await gateway.GetAsync("api/v1/key", admin);
        var own = await gateway.GetAsync("api/v1/key", till);

        first.GetRawText().ShouldBe(
            """{"object":"key","kind":"management","id":"settings","label":"The key whose hash is in the settings","scopes":["all"],"expires_at":null,"org":null,"limits":[]}""");
        own.GetRawText().ShouldBe(
            """{"object":"key","kind":"management","id":"till","label":"The till","scopes":["billing"],"expires_at":"2026-12-31T00:00:00Z","org":null,"limits":[]}""");
    }

    [Fact]
    public async Task Key_ThatManagedUntilItWasDisabled_IsToldSo()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        var made = await admin.DoneAsync("POST", "management-keys", """{"id":"till","scopes":["billing"]}""");
        using var till = gateway.Client(made.GetProperty("secret").GetString());
        await admin.DoneAsync("PATCH", "management-keys/till", """{"disabled":true}""");

        using var refused = await till.GetAsync("api/v1/key");

        (await refused.ErrorAsync(System.Net.HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("key_disabled");
    }

    [Fact]
    public async Task Key_OfAnOrgWhosePlanIsNotThere_SaysSoAndTheOperatorIsToldOnce()
    {
        var log = new WarningLog();
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<ILoggerProvider>(log));
        using var client = await gateway.NewCallerAsync(new Org("acme", "Acme") { Plan = "gone" });
        await gateway.TopUpAsync("acme", "1");

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.ChatAsync("demo/paid", client: client);
            response.Header("x-freeway-tier").ShouldBe("paid", "it is served by the default plan");
        }

        var key = await gateway.GetAsync("api/v1/key", client);
        (key.GetProperty("plan").GetString(), key.GetProperty("unknown_plan").GetString()).ShouldBe(("pay-as-you-go", "gone"));
        (await gateway.GetAsync("api/v1/key")).TryGetProperty("unknown_plan", out _).ShouldBeFalse();
        log.Lines.Where(line => line.Contains("gone", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldBe("Org acme has the plan gone, which the catalogue does not have: it is served by pay-as-you-go");
    }

    [Fact]
    public async Task Key_WithWishesOfItsOwn_ShowsThem()
    {
        await using var gateway = await TestGateway.StartAsync();
        var secret = KeySecret.Create();
        var org = new Org("acme", "Acme") { Overflow = Overflow.Bill, Premium = true, PurchasedNanos = 5_000_000_000 };
        var own = new ApiKey("k1", "acme", "robot") { Overflow = Overflow.NextFree, HardRefusal = HardRefusal.PaymentRequired, MonthlyCeilingNanos = 2_500_000_000 };
        await gateway.Host.Services.GetRequiredService<IKeyStore>().SaveAsync(KeyHash.Of(secret), new Caller(org, own), CancellationToken.None);
        using var client = gateway.Client(secret);

        var key = await gateway.GetAsync("api/v1/key", client);

        key.GetProperty("is_free_tier").GetBoolean().ShouldBeFalse();
        key.GetProperty("premium").GetBoolean().ShouldBeTrue();
        key.GetProperty("overflow").GetString().ShouldBe("next_free");
        key.GetProperty("refusal_status").GetInt32().ShouldBe(402);
        key.GetProperty("monthly_ceiling_usd").GetString().ShouldBe("2.50");
    }

    [Fact]
    public async Task Usage_OfTwoKeysAndTwoDays_IsEachKeysOwnFreeApartFromPaid()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (await CreditsTests.TopUpAsync(gateway, """{"org": "demo", "usd": 5}"""))
        {
        }

        using var other = gateway.Client(await gateway.NewKeyAsync("demo"));
        await gateway.SpendAsync("demo/echo:free", times: 2);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.SpendAsync("demo/echo:free", times: 1);
        await gateway.SpendAsync("demo/echo", times: 1);
        using (var free = await gateway.ChatAsync("demo/echo:free", client: other))
        {
            await free.Content.ReadAsStringAsync();
        }

        var records = (await gateway.ActivityAsync(5)).Where(record => record.GetProperty("key").GetString() is "demo-key").ToList();
        var usage = (await gateway.GetAsync("api/v1/key")).GetProperty("usage");
        var (today, month) = (usage.GetProperty("today"), usage.GetProperty("this_month"));

        today.GetProperty("requests").GetInt64().ShouldBe(2);
        today.GetProperty("free").GetProperty("requests").GetInt64().ShouldBe(1);
        month.GetProperty("requests").GetInt64().ShouldBe(4);
        month.GetProperty("free").GetProperty("requests").GetInt64().ShouldBe(3);
        month.GetProperty("free").GetProperty("total_tokens").GetInt64().ShouldBe(Tokens(records, "free"));
        month.GetProperty("gifted").GetProperty("tokens").GetInt64().ShouldBe(0);
        month.GetProperty("paid").GetProperty("requests").GetInt64().ShouldBe(1);
        month.GetProperty("paid").GetProperty("tokens").GetInt64().ShouldBe(Tokens(records, "paid"));
        month.GetProperty("paid").GetProperty("cost_usd").GetString()
            .ShouldBe(records.Single(record => record.GetProperty("tier").GetString() is "paid").GetProperty("cost_usd").GetString());
        (await gateway.GetAsync("api/v1/key", other)).GetProperty("usage").GetProperty("this_month").GetProperty("requests").GetInt64().ShouldBe(1);
    }

    private static long Tokens(IEnumerable<JsonElement> records, string tier) =>
        records.Where(record => record.GetProperty("tier").GetString() == tier).Sum(record => record.GetProperty("total_tokens").GetInt64());
}
