using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Cerebras' free tier: requests a minute and tokens a day, on each model by itself.</summary>
public sealed class CerebrasTests
{
    [Fact]
    public async Task Requests_ThirtyFirstOfTheMinute_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 30);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    [Fact]
    public async Task Tokens_BeyondADays_AreRefusedUntilMidnight()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1, tokens: 1000);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded", tokens: 1000);
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1, tokens: 1000);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1, tokens: 1000);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "cerebras", null,
            [PresetGateway.Free("acme/a", "cerebras"), PresetGateway.Free("acme/b", "cerebras")],
            ("CEREBRAS_TOKENS_PER_DAY", "1500"));
}
