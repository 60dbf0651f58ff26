using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

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

    [Fact]
    public async Task InputTokens_BeyondSixtyThousandAMinute_AreRefused()
    {
        await using var gateway = await StartAsync("1000000");
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        for (var i = 0; i < 2; i++)
        {
            using var admitted = await gateway.AskAtLengthAsync(caller, "acme/a:free", words: 20_000);
            admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Eventually.GetAsync(
            () => gateway.LimitAsync(caller, "cerebras.input-tokens-per-minute", "acme/a"), card => card.GetProperty("used").GetInt64() is 40_000);
        using (var refused = await gateway.AskAtLengthAsync(caller, "acme/a:free", words: 20_000))
        {
            var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
            error.GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
            error.GetProperty("limit_source").GetString().ShouldBe("cerebras.input-tokens-per-minute");
            error.GetProperty("quota_limit").GetInt64().ShouldBe(60_000);
        }

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1, tokens: 20_000);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        using var later = await gateway.AskAtLengthAsync(caller, "acme/a:free", words: 20_000);
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ContextWindow_OfTheModel_IsShownAndRecorded()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);

        (await gateway.GetAsync("api/v1/models/acme/a", caller)).GetProperty("context_length").GetInt64().ShouldBe(32768);
        (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem().GetProperty("context_length").GetInt64().ShouldBe(32768);
    }

    private static Task<TestGateway> StartAsync(string tokensPerDay = "1500") =>
        PresetGateway.StartAsync(
            "cerebras", null,
            [PresetGateway.Free("acme/a", "cerebras"), PresetGateway.Free("acme/b", "cerebras")],
            ("CEREBRAS_TOKENS_PER_DAY", tokensPerDay));
}
