using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>FastRouter's :free suffix: ten requests a day for an org, on each model by itself.</summary>
public sealed class FastRouterTests
{
    [Fact]
    public async Task FreeSlug_EleventhRequestOfTheDay_IsRefusedOnThatModelOnly()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);
    }

    [Fact]
    public async Task Quota_AtMidnight_IsTenAgainAndNoMore()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 4);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);
        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
    }

    [Fact]
    public async Task BareId_QuotaIsSpent_IsPaid()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "1");
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);
        await gateway.LeavesAsync(caller, 1_000_000_000);

        await gateway.TierAsync(caller, "acme/a", "paid", tokens: 40);
        await gateway.LeavesAsync(caller, 1_000_000_000 - 85_000);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "fastrouter", null,
            [PresetGateway.Free("acme/a", "fastrouter-free"), PresetGateway.Free("acme/b", "fastrouter-free")]);
}
