using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Fireworks: a dollar at sign-up, then pay.</summary>
public sealed class FireworksTests
{
    [Fact]
    public async Task Credit_IsFinished_NeverComesBackAndTheRestIsPaid()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "1");

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 6);
        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 6);
        // Twice 0.600005 dollars, of which one is given.
        await gateway.LeavesAsync(caller, 799_990_000);
        gateway.Clock.MoveOn(TimeSpan.FromDays(400));
        await gateway.TierAsync(caller, "acme/a", "paid", tokens: 6);
        await gateway.LeavesAsync(caller, 199_985_000);
    }

    [Fact]
    public async Task Credit_OfANewOrg_IsOneDollar()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 9);
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 2);
    }

    [Fact]
    public async Task Credit_SettingSaysAnotherAmount_IsThatAmount()
    {
        await using var gateway = await StartAsync(("FIREWORKS_CREDIT_USD", "0.25"));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        (await gateway.LimitAsync(caller, "fireworks.sign-up-credit")).GetProperty("limit").GetDecimal().ShouldBe(0.25m);
        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 2);
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 2);
    }

    private static Task<TestGateway> StartAsync(params (string Name, string Value)[] settings) =>
        PresetGateway.StartAsync(
            "fireworks", "fireworks",
            [PresetGateway.Dear("acme/a")],
            settings);
}
