using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §1: <c>:flex</c> asks the upstream for its flexible tier, and costs what the model says.</summary>
public sealed class FlexTests
{
    [Theory]
    [InlineData("""{"model":"acme/a:flex","max_tokens":40,"messages":[{"role":"user","content":"/script words=40 x one two"}]}""",
        """{"model":"echo","max_tokens":40,"messages":[{"role":"user","content":"/script words=40 x one two"}],"service_tier":"flex"}""")]
    [InlineData("""{"service_tier": "priority", "model":"acme/a:flex","max_tokens":40,"messages":[{"role":"user","content":"/script words=40 x one two"}]}""",
        """{"service_tier": "flex", "model":"echo","max_tokens":40,"messages":[{"role":"user","content":"/script words=40 x one two"}]}""")]
    public async Task Flex_OfAModelThatHasIt_IsSentAndPricedAndRecorded(string json, string sent)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var response = await gateway.PostAsync(json, caller);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        (response.Header("x-freeway-model"), response.Header("x-freeway-tier")).ShouldBe(("acme/a", "paid"));
        Encoding.UTF8.GetString(gateway.Upstream.Requests.ShouldHaveSingleItem().Body.Span).ShouldBe(sent);
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        (record.GetProperty("slug").GetString(), record.GetProperty("model").GetString(), record.GetProperty("variant").GetString())
            .ShouldBe(("acme/a:flex", "acme/a", "flex"));
        // 5 tokens in and 40 out are 85,000 nano-dollars; 40 % of them.
        record.GetProperty("cost_usd").GetString().ShouldBe("0.000034");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000 - 34_000);
    }

    [Fact]
    public async Task Flex_OfAModelWithoutIt_IsRefusedAndItsBareIdGoesOn()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var refused = await gateway.ChatAsync("acme/b:flex", client: caller);
        using var bare = await gateway.ChatAsync("acme/b", client: caller);

        var error = await refused.ErrorAsync(HttpStatusCode.BadRequest);
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("flex_slug_not_enabled", "model"));
        bare.StatusCode.ShouldBe(HttpStatusCode.OK);
        Encoding.UTF8.GetString(gateway.Upstream.Requests.ShouldHaveSingleItem().Body.Span).ShouldNotContain("service_tier");
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: TestCatalogue.Settings(new
    {
        models = new[] { TestCatalogue.Model("acme/a", new { flex_percent = 40 }), TestCatalogue.Model("acme/b") },
    }));
}
