using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

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

    [Fact]
    public async Task Credit_InTheNextMonth_IsWholeAgain()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { UserTier = "pro" });

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 15);
        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 15);
        gateway.Clock.MoveTo(new DateTimeOffset(2026, 6, 1, 0, 1, 0, TimeSpan.Zero));

        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 15);
    }

    [Fact]
    public async Task Credit_OfACheapModel_IsManyRequestsAndOfADearOneFew()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/cheap", times: 60);

        await gateway.RefusedAsync(caller, "acme/a", HttpStatusCode.PaymentRequired, "insufficient_credits");
        await gateway.TierAsync(caller, "acme/cheap", "gift");
    }

    [Fact]
    public async Task Amounts_AreNotSet_AreEachNamedAtStart()
    {
        var errors = await PresetGateway.StartErrorsAsync("hugging-face", [PresetGateway.Dear("acme/a")]);

        errors.Count.ShouldBe(2);
        errors.ShouldContain(error => error.Contains("the setting HUGGING_FACE_MONTHLY_USD is needed", StringComparison.Ordinal));
        errors.ShouldContain(error => error.Contains("the setting HUGGING_FACE_MONTHLY_USD_PRO is needed", StringComparison.Ordinal));
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "hugging-face", "hugging-face",
            [PresetGateway.Dear("acme/a"), TestCatalogue.Model("acme/cheap")],
            ("HUGGING_FACE_MONTHLY_USD", "0.1"),
            ("HUGGING_FACE_MONTHLY_USD_PRO", "2"));
}
