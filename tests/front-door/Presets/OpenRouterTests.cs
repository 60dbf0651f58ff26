using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

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

    [Fact]
    public async Task FreeModels_TenCreditsBought_TheThousandAndFirstRequestIsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "10");

        (await gateway.LimitAsync(caller, "openrouter.daily")).GetProperty("limit").GetInt64().ShouldBe(1000);
        for (var minute = 0; minute < 50; minute++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => gateway.AdmittedAsync(caller, i % 2 is 0 ? "acme/a:free" : "acme/b:free", times: 1)));
            gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        }

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        gateway.Upstream.Received.ShouldBe(1000);
        var quota = (await gateway.LedgerAsync("quota|openrouter.daily")).ShouldHaveSingleItem();
        (quota.GetInt64("Used") + quota.GetInt64("Reserved")).ShouldBe(1000);
    }

    [Fact]
    public async Task FreeModels_LessThanTenCreditsBought_AreStillFiftyADay()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.TopUpAsync("acme", "9.99");

        (await gateway.LimitAsync(caller, "openrouter.daily")).GetProperty("limit").GetInt64().ShouldBe(50);
    }

    [Fact]
    public async Task FreeModels_OneLeavesTheSet_IsRefusedAndTheOthersGoOn()
    {
        await using var gateway = await PresetGateway.StartAsync(
            "openrouter", null, [TestCatalogue.Model("acme/a", new { free = new { enabled = false, plan = "openrouter" } }), PresetGateway.Free("acme/b", "openrouter")]);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.BadRequest, "free_slug_not_enabled");
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 1);
    }

    [Fact]
    public async Task Answer_OfAFreeModel_SaysWhichModelAndProviderGaveIt()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.AskAsync(caller, "acme/a:free");

        (response.Header("x-freeway-model"), response.Header("x-freeway-upstream")).ShouldBe(("acme/a", "loopback"));
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        (record.GetProperty("slug").GetString(), record.GetProperty("model").GetString(), record.GetProperty("upstream").GetString(), record.GetProperty("upstream_model").GetString())
            .ShouldBe(("acme/a:free", "acme/a", "loopback", "echo"));
    }

    private static Task<TestGateway> StartAsync() =>
        PresetGateway.StartAsync(
            "openrouter", null,
            [PresetGateway.Free("acme/a", "openrouter"), PresetGateway.Free("acme/b", "openrouter")]);
}
