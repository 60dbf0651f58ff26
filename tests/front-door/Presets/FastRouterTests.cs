using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

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

    [Fact]
    public async Task FreeSlug_OfTheFourSupportedModels_IsRoutedWithoutItsSuffix()
    {
        string[] ids = ["sarvam/sarvam-105b", "sarvam/sarvam-30b", "sarvam/saaras:v3", "sarvam/bulbul:v2"];
        await using var gateway = await PresetGateway.StartAsync("fastrouter", null, [.. ids.Select(id => TestCatalogue.Model(id))]);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        foreach (var id in ids)
        {
            using var response = await gateway.AskAsync(caller, id + ":free");
            (response.StatusCode, response.Header("x-freeway-model"), response.Header("x-freeway-tier")).ShouldBe((HttpStatusCode.OK, id, "free"));
        }

        gateway.Upstream.Requests.ShouldAllBe(request => request.Chat!.Model == "echo");
    }

    [Fact]
    public async Task Quota_OfAnOrg_IsSharedByAllItsKeys()
    {
        await using var gateway = await StartAsync();
        var org = new Org("acme", "Acme");
        using var first = await gateway.NewCallerAsync(org);
        using var second = await gateway.NewCallerAsync(org);

        await gateway.AdmittedAsync(first, "acme/a:free", times: 5);
        await gateway.AdmittedAsync(second, "acme/a:free", times: 5);

        await gateway.RefusedAsync(first, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
        await gateway.RefusedAsync(second, "acme/a:free", HttpStatusCode.TooManyRequests, "free_quota_exceeded");
    }

    [Fact]
    public async Task FreeSlug_NotEnabled_IsRefusedAndTheStandardIdGoesOn()
    {
        await using var gateway = await PresetGateway.StartAsync("fastrouter", null, [TestCatalogue.Model("acme/a")]);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.BadRequest, "free_slug_not_enabled");

        await gateway.TierAsync(caller, "acme/a", "paid");
    }

    [Fact]
    public async Task FreeSlug_TakenAwaySince_IsRefusedAsIfItNeverWasAndTheStandardIdGoesOn()
    {
        var tables = TablesFixture.NewNames().Prefix;
        await using (var before = await StartAsync(("Freeway:TablePrefix", tables)))
        {
            using var early = await before.NewCallerAsync(new Org("acme", "Acme"));
            await before.TopUpAsync("acme", "1");
            await before.AdmittedAsync(early, "acme/a:free", times: 1);
        }

        await using var gateway = await PresetGateway.StartAsync(
            "fastrouter", null,
            [TestCatalogue.Model("acme/a", new { free = new { enabled = false, plan = "fastrouter-free" } })],
            ("Freeway:TablePrefix", tables));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.BadRequest, "free_slug_not_enabled");
        await gateway.TierAsync(caller, "acme/a", "paid");
    }

    [Fact]
    public async Task Quota_Exhausted_SaysToComeBackAtTheNextMidnight()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 10);

        using var response = await gateway.AskAsync(caller, "acme/a:free");

        var error = await response.ErrorAsync(HttpStatusCode.TooManyRequests);
        (error.GetProperty("code").GetString(), error.GetProperty("type").GetString(), error.GetProperty("quota_limit").GetInt64(), error.GetProperty("quota_used").GetInt64())
            .ShouldBe(("free_quota_exceeded", "rate_limit_error", 10, 10));
        error.GetProperty("reset_at").GetString().ShouldBe("2026-05-30T00:00:00Z");
        var midnight = new DateTimeOffset(2026, 5, 30, 0, 0, 0, TimeSpan.Zero);
        response.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(midnight - gateway.Clock.GetUtcNow(), midnight - TestGateway.Noon.AddHours(1));
    }

    [Fact]
    public async Task Activity_OfAFreeRequest_IsOfTheFreeTierAtNoCost()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
        await gateway.TierAsync(caller, "acme/a", "paid");

        var records = (await gateway.ActivityAsync(caller, 2)).ToDictionary(record => record.GetProperty("slug").GetString()!);

        (records["acme/a:free"].GetProperty("tier").GetString(), records["acme/a:free"].GetProperty("cost_usd").GetString()).ShouldBe(("free", "0.00"));
        (records["acme/a"].GetProperty("tier").GetString(), records["acme/a"].GetProperty("cost_usd").GetString()).ShouldBe(("paid", "0.000015"));
        var usage = (await gateway.GetAsync("api/v1/key", caller)).GetProperty("usage").GetProperty("today");
        (usage.GetProperty("free").GetProperty("requests").GetInt64(), usage.GetProperty("paid").GetProperty("requests").GetInt64()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task FreeSlug_WithEveryParameterOfTheModel_PassesThemThrough()
    {
        const string Rest = """
            ,"messages":[{"role":"user","content":"hi"}],"temperature":0.2,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},"logprobs":true,"seed":7,"of_its_own":{"a":[1,2]}}
            """;
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.PostAsync($$"""{"model":"acme/a:free"{{Rest}}""", caller);
        using var streamed = await gateway.ChatAsync("acme/a:free", stream: true, client: caller);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        Encoding.UTF8.GetString(gateway.Upstream.Requests[0].Body.Span).ShouldBe($$"""{"model":"echo"{{Rest}}""");
        (await streamed.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
    }

    [Theory]
    [InlineData("acme/a:free:flex")]
    [InlineData("acme/a:flex:free")]
    public async Task FreeAndFlex_Together_AreRefused(string slug)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, slug, HttpStatusCode.BadRequest, "conflicting_variants");
    }

    private static Task<TestGateway> StartAsync(params (string Name, string Value)[] settings) =>
        PresetGateway.StartAsync(
            "fastrouter", null,
            [PresetGateway.Free("acme/a", "fastrouter-free"), PresetGateway.Free("acme/b", "fastrouter-free")],
            settings);
}
