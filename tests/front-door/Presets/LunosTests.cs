using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

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

    [Fact]
    public async Task Context_LargerThanTheModels_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { Premium = true });

        await gateway.RefusedAsync(caller, "z-ai/glm-4.5-air", HttpStatusCode.BadRequest, "context_length_exceeded", tokens: 32000);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "lunos", "lunos",
            [TestCatalogue.Model("openai/gpt-oss-120b"), TestCatalogue.Model("openai/gpt-oss-20b"), TestCatalogue.Model("z-ai/glm-4.5-air")],
            ("LUNOS_DAILY_TOKENS_NEMOTRON_3_SUPER", "1000"),
            ("LUNOS_DAILY_TOKENS_GPT_OSS_120B", "1000"),
            ("LUNOS_DAILY_TOKENS_GLM_4_5_AIR", "1000"),
            ("LUNOS_DAILY_TOKENS_GPT_OSS_20B", "1000"),
            ("LUNOS_DAILY_TOKENS_GEMMA_4_31B", "1000"));
}
