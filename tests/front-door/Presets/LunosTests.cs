using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Lunos: daily buckets of tokens, some for premium only, and what goes beyond is billed.</summary>
public sealed class LunosTests
{
    [Fact]
    public async Task PremiumModel_OrgIsNotPremium_IsBilledWhole()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "openai/gpt-oss-120b", HttpStatusCode.PaymentRequired, "insufficient_credits");
        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift");
    }

    [Fact]
    public async Task TopUp_OfFiveDollars_MakesPremium()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "5");

        await gateway.TierAsync(caller, "openai/gpt-oss-120b", "gift");
        await gateway.LeavesAsync(caller, 5_000_000_000);
    }

    [Fact]
    public async Task TopUp_DiedBeforeTheOrgHeardOfIt_MakesPremiumAtTheDailyReset()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var ledger = gateway.Host.Services.GetRequiredService<RequestLedger>();
        await ledger.TopUpAsync("acme", new Purchase("lost", 5_000_000_000, gateway.Clock.GetUtcNow()), CancellationToken.None);
        await gateway.TierAsync(caller, "openai/gpt-oss-120b", "paid");

        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.Host.RunTimerAsync("DailyReset");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));

        await gateway.TierAsync(caller, "openai/gpt-oss-120b", "gift");
    }

    [Fact]
    public async Task TopUp_OfLess_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        (await Should.ThrowAsync<HttpRequestException>(() => gateway.TopUpAsync("acme", "4.99"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await gateway.RefusedAsync(caller, "openai/gpt-oss-120b", HttpStatusCode.PaymentRequired, "insufficient_credits");
    }

    [Fact]
    public async Task Gift_IsSpentInMidRequest_BillsExactlyTheRest()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "5");

        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 695);
        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 695);
        // 1,400 tokens, of which 1,000 are given.
        await gateway.LeavesAsync(caller, 5_000_000_000 - 400 * TestCatalogue.OutputNanos);
    }

    [Theory]
    [InlineData("nvidia/nemotron-3-super-120b-a12b", 54000)]
    [InlineData("openai/gpt-oss-120b", 54000)]
    [InlineData("z-ai/glm-4.5-air", 32000)]
    [InlineData("openai/gpt-oss-20b", 54000)]
    [InlineData("google/gemma-4-31b-it", 64000)]
    public async Task Context_LargerThanTheModels_IsRefused(string model, int most)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { Premium = true });

        (await gateway.GetAsync("api/v1/models/" + model, caller)).GetProperty("context_length").GetInt32().ShouldBe(most);
        using var response = await gateway.AskAsync(caller, model, tokens: most);
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("context_length_exceeded");
        error.GetProperty("message").GetString()!.ShouldContain($"{most} are allowed");
    }

    [Fact]
    public async Task Gift_OnTheNextDay_IsWholeAgainAndNoMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 95);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));

        var gift = await gateway.LimitAsync(caller, "lunos.gift-gpt-oss-20b");
        (gift.GetProperty("limit").GetInt64(), gift.GetProperty("remaining").GetInt64()).ShouldBe((1000, 1000));
        gift.GetProperty("resets_at").GetString().ShouldBe("2026-05-31T00:00:00Z");
    }

    [Fact]
    public async Task Models_WithAGift_ShowItsAmountAndWhatIsLeft()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 95);

        var given = await Eventually.GetAsync(
            async () => (await gateway.GetAsync("api/v1/models/openai/gpt-oss-20b", caller)).GetProperty("gift").GetProperty("limits")[0],
            limit => limit.GetProperty("used").GetInt64() is 100);
        (given.GetProperty("limit").GetInt64(), given.GetProperty("remaining").GetInt64(), given.GetProperty("unit").GetString()).ShouldBe((1000, 900, "tokens"));
        var premium = (await gateway.GetAsync("api/v1/models/openai/gpt-oss-120b", caller)).GetProperty("gift");
        premium.GetProperty("limits").GetArrayLength().ShouldBe(0);
        premium.GetProperty("earnable")[0].GetProperty("requires").GetString()!.ShouldContain("become premium");
    }

    [Fact]
    public async Task Usage_OfTwoKeys_ShowsGiftedAgainstPaidOfEach()
    {
        await using var gateway = await StartAsync();
        var org = new Org("acme", "Acme");
        using var first = await gateway.NewCallerAsync(org);
        using var second = await gateway.NewCallerAsync(org);

        await gateway.TopUpAsync("acme", "5");
        await gateway.TierAsync(first, "openai/gpt-oss-20b", "gift", tokens: 695);
        await gateway.LeavesAsync(first, 5_000_000_000);
        await gateway.TierAsync(second, "openai/gpt-oss-20b", "gift", tokens: 695);

        (await UsageAsync(gateway, first)).ShouldBe((700, 0, "0.00"));
        (await UsageAsync(gateway, second)).ShouldBe((300, 400, "0.0008"));
    }

    [Fact]
    public async Task Output_CappedWithMaxTokens_IsNoLongerAndTakesNoMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.PostAsync(
            """{"model":"openai/gpt-oss-20b","max_tokens":100,"messages":[{"role":"user","content":"/script words=900 word"}]}""", caller);

        (await response.TextAsync()).Split(' ').Length.ShouldBe(100);
        (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem().GetProperty("gifted_tokens").GetInt64().ShouldBe(103);
    }

    [Fact]
    public async Task Gift_IsSpentWithoutAPaymentMethod_StopsTraffic()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 900);

        await gateway.RefusedAsync(caller, "openai/gpt-oss-20b", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 900);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.TierAsync(caller, "openai/gpt-oss-20b", "gift", tokens: 900);
    }

    [Fact]
    public async Task DailyAmounts_AreNotSet_AreEachNamedAtStart()
    {
        var errors = await PresetGateway.StartErrorsAsync("lunos", Models);

        errors.Count.ShouldBe(Settings.Length);
        foreach (var (name, _) in Settings)
        {
            errors.ShouldContain(error => error.Contains($"the setting {name} is needed", StringComparison.Ordinal), name);
        }
    }

    private static readonly (string Name, string Value)[] Settings =
    [
        ("LUNOS_DAILY_TOKENS_NEMOTRON_3_SUPER", "1000"),
        ("LUNOS_DAILY_TOKENS_GPT_OSS_120B", "1000"),
        ("LUNOS_DAILY_TOKENS_GLM_4_5_AIR", "1000"),
        ("LUNOS_DAILY_TOKENS_GPT_OSS_20B", "1000"),
        ("LUNOS_DAILY_TOKENS_GEMMA_4_31B", "1000"),
    ];

    /// <summary>Their context lengths are left to the preset.</summary>
    private static JsonObject[] Models =>
    [
        .. new[] { "nvidia/nemotron-3-super-120b-a12b", "openai/gpt-oss-120b", "z-ai/glm-4.5-air", "openai/gpt-oss-20b", "google/gemma-4-31b-it" }.Select(id =>
        {
            var model = TestCatalogue.Model(id);
            model.Remove("context_length");
            return model;
        }),
    ];

    private static async Task<(long Gifted, long Paid, string Cost)> UsageAsync(TestGateway gateway, HttpClient caller)
    {
        var today = await Eventually.GetAsync(
            async () => (await gateway.GetAsync("api/v1/key", caller)).GetProperty("usage").GetProperty("today"), usage => usage.GetProperty("requests").GetInt64() is 1);
        var paid = today.GetProperty("paid");
        return (today.GetProperty("gifted").GetProperty("tokens").GetInt64(), paid.GetProperty("tokens").GetInt64(), paid.GetProperty("cost_usd").GetString()!);
    }

    private static Task<TestGateway> StartAsync() => PresetGateway.StartAsync("lunos", "lunos", Models, Settings);
}
