using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>OpenRouter's :free models: twenty requests a minute and fifty a day over all of them.</summary>
public sealed class OpenRouterTests
{
    [Fact]
    public async Task FreeModels_TwentyFirstRequestOfTheMinute_IsRefusedOnAll()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 10);

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        await gateway.RefusedAsync(caller, "acme/b:free", HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    [Fact]
    public async Task FreeModels_FiftyFirstRequestOfTheDay_IsRefusedOnAll()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 20);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 20);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);

        await gateway.RefusedAsync(caller, "acme/b:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);
    }

    [Fact]
    public async Task FreeModels_TenCreditsBought_AreAThousandADay()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "10");
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 20);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 20);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 11);
        await gateway.LeavesAsync(caller, 10_000_000_000);
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "openrouter", null,
            [PresetGateway.Free("acme/a", "openrouter"), PresetGateway.Free("acme/b", "openrouter")]);
}
