using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>OpenAI: nothing free, and at least five dollars at once.</summary>
public sealed class OpenAiTests
{
    [Fact]
    public async Task Request_AtZero_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits");
    }

    [Fact]
    public async Task Request_WithCredit_IsPaidToTheNanoDollar()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "5");

        await gateway.TierAsync(caller, "acme/a", "paid", tokens: 40);
        await gateway.LeavesAsync(caller, 5_000_000_000 - 85_000);
    }

    [Fact]
    public async Task TopUp_OfLessThanFiveDollars_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        (await Should.ThrowAsync<HttpRequestException>(() => gateway.TopUpAsync("acme", "4.99"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.LeftAsync(caller)).ShouldBe(0);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "openai", "openai",
            [TestCatalogue.Model("acme/a")]);
}
