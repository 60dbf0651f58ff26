using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Hyperbolic: a dollar for a verified phone number, and requests a minute by user tier.</summary>
public sealed class HyperbolicTests
{
    [Fact]
    public async Task Promo_PhoneIsVerified_CoversOneDollarOnce()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { PhoneVerified = true });

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 6);
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 6);
        gateway.Clock.MoveOn(TimeSpan.FromDays(400));
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 6);
    }

    [Fact]
    public async Task Promo_PhoneIsNotVerified_IsNotThere()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 6);
    }

    [Fact]
    public async Task RequestsAMinute_OfAUserTier_AreItsOwn()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var pro = await gateway.NewCallerAsync(new Org("pro", "Pro") { UserTier = "pro" });
        await gateway.TopUpAsync("acme", "5");
        await gateway.TopUpAsync("pro", "5");

        await gateway.AdmittedAsync(caller, "acme/a", times: 2);
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        await gateway.AdmittedAsync(pro, "acme/a", times: 3);
        await gateway.RefusedAsync(pro, "acme/a", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "hyperbolic", "hyperbolic",
            [PresetGateway.Dear("acme/a")],
            ("HYPERBOLIC_RPM", "2"),
            ("HYPERBOLIC_RPM_PRO", "3"));
}
