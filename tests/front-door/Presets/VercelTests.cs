using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Vercel AI Gateway: five dollars every thirty days, until the first payment.</summary>
public sealed class VercelTests
{
    [Fact]
    public async Task Credit_ThirtyDaysAfterTheFirstRequest_IsWholeAgain()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 40);

        await gateway.RefusedAsync(caller, "acme/b", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 40);
        gateway.Clock.MoveOn(TimeSpan.FromDays(31));
        await gateway.TierAsync(caller, "acme/b", "gift", tokens: 40);
    }

    [Fact]
    public async Task Credit_AfterTheFirstPayment_IsGoneForGood()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 10);
        await gateway.TopUpAsync("acme", "10");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(5));

        await gateway.TierAsync(caller, "acme/a", "paid", tokens: 40);
        await gateway.LeavesAsync(caller, 10_000_000_000 - 4_000_005_000);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "vercel-ai-gateway", "vercel-ai-gateway",
            [PresetGateway.Dear("acme/a"), PresetGateway.Dear("acme/b")]);
}
