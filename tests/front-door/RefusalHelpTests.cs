using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Presets;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>Refusals say what would help, advise nothing that the caller cannot do, and are retried only where that helps.</summary>
public sealed class RefusalHelpTests
{
    [Fact]
    public async Task AccountWithoutCredit_GiftForAVerifiedPhone_IsNamed()
    {
        await using var gateway = await HyperbolicAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.AskAsync(caller, "acme/a");

        var message = Message(await response.ErrorAsync(HttpStatusCode.PaymentRequired));
        message.ShouldEndWith("For a gift of 1 USD: verify a phone number.");
    }

    [Fact]
    public async Task AccountWithoutCredit_GiftForPremium_IsNamed()
    {
        await using var gateway = await StartAsync(Plan(new
        {
            billing = "prepaid",
            purchases = new { least_usd = 5, premium_from_usd = 5 },
            limits = new[]
            {
                new
                {
                    name = "daily", unit = "tokens", amount = 1000, window = "day", scope = "org_model",
                    when = new { premium = true }, overflow = new[] { "bill", "reject" },
                },
            },
        }));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.AskAsync(caller, "acme/a");

        var message = Message(await response.ErrorAsync(HttpStatusCode.PaymentRequired));
        message.ShouldEndWith(
            "For a gift of 1000 tokens per day: become premium: add 5 USD of credit or more at once.");
    }

    [Fact]
    public async Task DailyQuota_LargerAfterAPurchase_IsNamed()
    {
        await using var gateway = await StartAsync(Plan(new
        {
            limits = new[]
            {
                new
                {
                    name = "daily", unit = "requests", amount = 1, window = "day", scope = "org",
                    amounts = new[] { new { when = new { purchased_at_least_usd = 10 }, amount = 1000 } },
                },
            },
        }), free: true);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);

        using var response = await gateway.AskAsync(caller, "acme/a:free");

        var message = Message(await response.ErrorAsync(HttpStatusCode.TooManyRequests));
        message.ShouldEndWith("For 1000 requests per day instead: add 10 USD of credit, for 10 in all.");
    }

    [Fact]
    public async Task Models_GiftThatCouldBeEarned_IsShownWithItsCondition()
    {
        await using var gateway = await HyperbolicAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var verified = await gateway.NewCallerAsync(new Org("firm", "Firm") { PhoneVerified = true });

        var gift = (await gateway.GetAsync("api/v1/models/acme/a", caller)).GetProperty("gift");
        var had = (await gateway.GetAsync("api/v1/models/acme/a", verified)).GetProperty("gift");

        gift.GetProperty("limits").GetArrayLength().ShouldBe(0);
        var earnable = gift.GetProperty("earnable").EnumerateArray().ShouldHaveSingleItem();
        earnable.GetProperty("id").GetString().ShouldBe("hyperbolic.promo-credit");
        earnable.GetProperty("amount").GetDecimal().ShouldBe(1);
        earnable.GetProperty("requires").GetString().ShouldBe("verify a phone number");
        had.GetProperty("limits").GetArrayLength().ShouldBe(1);
        had.TryGetProperty("earnable", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"max_tokens\":1000", "max_tokens")]
    [InlineData(",\"max_completion_tokens\":1000", "max_completion_tokens")]
    public async Task Refusal_OfARequest_AdvisesToLowerOnlyTheCeilingThatItSent(string member, string? ceiling)
    {
        await using var gateway = await StartAsync(Plan(new { billing = "prepaid", limits = Array.Empty<object>() }));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.PostAsync(
            $$"""{"model":"acme/a","messages":[{"role":"user","content":"hello"}]{{member}}}""", caller);

        var message = Message(await response.ErrorAsync(HttpStatusCode.PaymentRequired));
        foreach (var name in new[] { "max_tokens", "max_completion_tokens", "max_output_tokens" })
        {
            message.Contains(name, StringComparison.Ordinal).ShouldBe(name == ceiling, message);
        }
    }

    [Fact]
    public async Task Suggestions_OfACallerWhoCannotPay_LeaveTheBareSlugOut()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var poor = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await SpendAsync(gateway, poor);
        await SpendAsync(gateway, gateway.Http);

        using var refused = await gateway.ChatAsync("demo/echo:free", client: poor);
        using var payer = await gateway.ChatAsync("demo/echo:free");

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        Suggested(error).ShouldNotContain("demo/echo");
        Message(error).ShouldNotContain("to pay for");
        error = await payer.ErrorAsync(HttpStatusCode.TooManyRequests);
        Suggested(error).ShouldContain("demo/echo");
        Message(error).ShouldContain("Drop the :free suffix to pay for this request.");
    }

    [Fact]
    public async Task EmptyAccount_Refusal_HasNoQuotaNumbers()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.ChatAsync("demo/paid", client: caller);

        var error = await response.ErrorAsync(HttpStatusCode.PaymentRequired);
        error.TryGetProperty("quota_limit", out _).ShouldBeFalse();
        error.TryGetProperty("quota_used", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("api/v1/models")]
    [InlineData("api/v1/quota")]
    [InlineData("api/v1/activity")]
    [InlineData("api/v1/usage")]
    [InlineData("api/v1/refusals")]
    public async Task List_OnItsLastPage_SaysThatNextCursorIsNull(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        var list = await gateway.GetAsync(path);

        list.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Quota_OfALifetime_SaysThatResetsAtIsNull()
    {
        await using var gateway = await LifetimeAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        var limit = await gateway.LimitAsync(caller, "test.credits");

        limit.GetProperty("resets_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Quota_OfALifetime_IsRefusedForGoodAndNotWithA429()
    {
        await using var gateway = await LifetimeAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);

        using var response = await gateway.AskAsync(caller, "acme/a:free");

        var error = await response.ErrorAsync(HttpStatusCode.Forbidden);
        error.GetProperty("code").GetString().ShouldBe("free_quota_exhausted");
        response.Headers.RetryAfter.ShouldBeNull();
        response.Header("x-should-retry").ShouldBe("false");
    }

    [Theory]
    [InlineData("minute")]
    [InlineData("day")]
    public async Task Request_LargerThanAWholeLimit_IsRefusedForGoodAndNotWithA429(string window)
    {
        await using var gateway = await StartAsync(Plan(new
        {
            limits = new[] { new { name = "tokens", unit = "tokens", amount = 100, window, scope = "org" } },
        }), free: true);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.AskAsync(caller, "acme/a:free", tokens: 500);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("request_exceeds_limit");
        error.GetProperty("param").GetString().ShouldBe("max_tokens");
        error.GetProperty("quota_limit").GetInt64().ShouldBe(100);
        response.Headers.RetryAfter.ShouldBeNull();
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    [Fact]
    public async Task Refusal_OfAKnownModel_SaysModelAndTierInItsHeaders()
    {
        await using var gateway = await TestGateway.StartAsync();
        await SpendAsync(gateway, gateway.Http);
        using var poor = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var spent = await gateway.ChatAsync("demo/echo:free");
        using var unpaid = await gateway.ChatAsync("demo/paid", client: poor);
        using var failed = await gateway.ChatAsync("demo/paid", "/script error=500");

        Headers(spent).ShouldBe((HttpStatusCode.TooManyRequests, "demo/echo", "free"));
        Headers(unpaid).ShouldBe((HttpStatusCode.PaymentRequired, "demo/paid", "paid"));
        Headers(failed).ShouldBe((HttpStatusCode.BadGateway, "demo/paid", "paid"));
    }

    [Theory]
    [InlineData("sarvam/saaras:v3")]
    [InlineData("sarvam/saaras:v3:free")]
    public async Task PlainSlug_OfAModelForAnotherEndpoint_IsRefusedWithNothingTaken(string slug)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(slug);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("param").GetString().ShouldBe("model");
        Message(error).ShouldContain("audio/transcriptions");
        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(600_000, 10)]
    [InlineData(10, 40_000)]
    public async Task PlainSlug_CertainlyBeyondTheModelsContext_IsRefusedWithNothingTaken(int bytes, int ceiling)
    {
        await using var gateway = await TestGateway.StartAsync();
        var body = JsonSerializer.Serialize(new
        {
            model = "demo/echo:free",
            max_tokens = ceiling,
            messages = new[] { new { role = "user", content = new string('a', bytes) } },
        });

        using var response = await gateway.PostAsync(body);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("context_length_exceeded");
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    private static string Message(JsonElement error) => error.GetProperty("message").GetString()!;

    private static IReadOnlyList<string?> Suggested(JsonElement error) =>
        [.. error.GetProperty("suggestions").EnumerateArray().Select(slug => slug.GetString())];

    private static (HttpStatusCode Status, string Model, string Tier) Headers(HttpResponseMessage response) =>
        (response.StatusCode, response.Header("x-freeway-model"), response.Header("x-freeway-tier"));

    private static async Task SpendAsync(TestGateway gateway, HttpClient caller)
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await gateway.ChatAsync("demo/echo:free", client: caller);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static Task<TestGateway> HyperbolicAsync() => PresetGateway.StartAsync(
        "hyperbolic", "hyperbolic", [PresetGateway.Dear("acme/a")],
        ("HYPERBOLIC_RPM", "100"), ("HYPERBOLIC_RPM_PRO", "100"));

    private static Task<TestGateway> LifetimeAsync() => StartAsync(Plan(new
    {
        limits = new[] { new { name = "credits", unit = "requests", amount = 1, window = "lifetime", scope = "org" } },
    }), free: true);

    private static JsonObject Plan(object plan) => JsonSerializer.SerializeToNode(plan)!.AsObject();

    /// <summary>Starts a gateway with one plan and one model, for which it is the plan of the bare id or the free one.</summary>
    private static Task<TestGateway> StartAsync(JsonObject plan, bool free = false)
    {
        var catalogue = new JsonObject
        {
            ["plans"] = new JsonObject { ["test"] = plan },
            ["models"] = new JsonArray(free ? PresetGateway.Free("acme/a", "test") : TestCatalogue.Model("acme/a")),
        };
        if (!free)
        {
            catalogue["default_plan"] = "test";
        }

        return TestGateway.StartAsync(settings: TestCatalogue.Settings(catalogue));
    }
}
