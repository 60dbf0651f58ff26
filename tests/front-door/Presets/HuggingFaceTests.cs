using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Hugging Face: a small monthly credit, larger for some, then pay.</summary>
public sealed class HuggingFaceTests
{
    [Fact]
    public async Task Credit_IsSpent_TheRestIsPaid()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "1");

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 6);
        // 0.600005 dollars, of which a tenth of a dollar is given.
        await gateway.LeavesAsync(caller, 499_995_000);
    }

    [Fact]
    public async Task Credit_OfAProUser_IsLarger()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { UserTier = "pro" });

        using var plain = await gateway.NewCallerAsync(new Org("plain", "Plain"));

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 6);
        await gateway.RefusedAsync(plain, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 6);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "hugging-face", "hugging-face",
            [PresetGateway.Dear("acme/a")],
            ("HUGGING_FACE_MONTHLY_USD", "0.1"),
            ("HUGGING_FACE_MONTHLY_USD_PRO", "2"));
}
