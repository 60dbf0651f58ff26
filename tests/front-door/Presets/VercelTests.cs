using System.Net;
using System.Text.Json;
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

    /// <summary>The periods follow each other from the first request on: what begins on day 65 is over on day 90, not on day 95.</summary>
    [Fact]
    public async Task Credit_NotUsedForAWhile_StillRunsFromTheFirstRequest()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 40);
        var first = gateway.Clock.GetUtcNow();

        gateway.Clock.MoveTo(first.AddDays(65));
        await gateway.TierAsync(caller, "acme/a", "gift", tokens: 40);
        (await ResetsAtAsync(gateway, caller))!.Value.ShouldBe(first.AddDays(90), TimeSpan.FromMinutes(1));
        await gateway.RefusedAsync(caller, "acme/b", HttpStatusCode.PaymentRequired, "insufficient_credits", tokens: 40);

        gateway.Clock.MoveTo(first.AddDays(91));
        await gateway.TierAsync(caller, "acme/b", "gift", tokens: 40);
    }

    /// <summary>Nothing runs before the first request, so no end is told that would be another a moment later.</summary>
    [Fact]
    public async Task Credit_BeforeTheFirstRequest_HasNoEnd()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        (await ResetsAtAsync(gateway, caller)).ShouldBeNull();
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

    private static async Task<DateTimeOffset?> ResetsAtAsync(TestGateway gateway, HttpClient caller)
    {
        var limit = await gateway.LimitAsync(caller, "vercel-ai-gateway.credit");
        var isTold = limit.TryGetProperty("resets_at", out var end) && end.ValueKind is not JsonValueKind.Null;
        return isTold ? end.GetDateTimeOffset() : null;
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "vercel-ai-gateway", "vercel-ai-gateway",
            [PresetGateway.Dear("acme/a"), PresetGateway.Dear("acme/b")]);
}
