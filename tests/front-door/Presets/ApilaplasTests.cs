using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>Apilaplas' free tier: few requests and tokens a day, one at a time, and small answers and images.</summary>
public sealed class ApilaplasTests
{
    [Fact]
    public async Task Chat_MoreThan512OutputTokens_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.RefusedAsync(caller, "acme/a:free", HttpStatusCode.BadRequest, "cap_exceeded", tokens: 513);
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1, tokens: 512);
    }

    [Fact]
    public async Task RegularModels_EleventhRequestOfTheDay_IsRefusedWithTheFlatBody()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 6);
        await gateway.AdmittedAsync(caller, "acme/b:free", times: 4);

        await ExhaustedAsync(gateway, caller, "acme/a:free", "regular-requests");
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    [Fact]
    public async Task OneAtATime_SecondWhileTheFirstRuns_IsRefused()
    {
        var gate = new LoopbackGate();
        await using var gateway = await StartAsync(request => request.Number is 1 ? new LoopbackScript { Gate = gate } : null);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var first = gateway.AskAsync(caller, "acme/a:free");
        await gate.ArrivalAsync();

        await ExhaustedAsync(gateway, caller, "acme/b:free", "one-at-a-time");
        gate.Open();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.TrueAsync(async () =>
        {
            using var again = await gateway.AskAsync(caller, "acme/b:free");
            return again.StatusCode is HttpStatusCode.OK;
        });
        gateway.Upstream.Received.ShouldBe(2);
    }

    [Fact]
    public async Task AllModels_BeyondFiftyThousandTokensADay_AreRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        foreach (var model in new[] { "acme/a:free", "acme/b:free" })
        {
            using var response = await gateway.AskAtLengthAsync(caller, model, words: 20_000);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        }

        (await Eventually.GetAsync(() => gateway.LimitAsync(caller, "apilaplas.api-token"), card => card.GetProperty("used").GetInt64() > 40_000))
            .GetProperty("used").GetInt64().ShouldBe(40_002);
        using var refused = await gateway.AskAtLengthAsync(caller, "acme/b:free", words: 10_000);
        await IsExhaustedAsync(refused, "api-token");
        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
    }

    [Fact]
    public async Task Chat_NoCeilingOfItsOwn_AnswersWith512TokensAtMost()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.ChatAsync("acme/a:free", "/script words=600 word", client: caller);

        (await response.TextAsync()).Split(' ').Length.ShouldBe(512);
    }

    [Fact]
    public async Task Chat_ImageInAMessage_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.PostAsync(
            """{"model":"acme/a:free","messages":[{"role":"user","content":[{"type":"text","text":"what is it?"},{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}]}]}""",
            caller);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("cap_exceeded", "messages"));
        error.GetProperty("cap").GetRawText().ShouldBe("false");
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Theory]
    [InlineData("flux-pro", """ "n": 2 """, "n", "1")]
    [InlineData("recraft-v3", """ "n": 3 """, "n", "1")]
    [InlineData("dall-e-2", """ "size": "1024x1024" """, "size", "\"512x512\"")]
    [InlineData("dall-e-3", """ "size": "512x513" """, "size", "\"512x512\"")]
    [InlineData("acme/large-images", """ "n": 1 """, "model", "512")]
    [InlineData("acme/small-images", """ "n": 3 """, "model", "512")]
    public async Task Image_BeyondTheFreeTier_IsRefused(string model, string member, string param, string cap)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await ImageAsync(gateway, caller, model, member);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("cap_exceeded", param));
        error.GetProperty("cap").GetRawText().ShouldBe(cap);
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Theory]
    [InlineData("flux-pro", """ "n": 1 """)]
    [InlineData("dall-e-2", """ "size": "512x512" """)]
    [InlineData("dall-e-2", """ "size": "256x256" """)]
    [InlineData("acme/small-images", """ "n": 2 """)]
    public async Task Image_WithinTheFreeTier_IsMade(string model, string member)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await ImageAsync(gateway, caller, model, member);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        response.Header("x-freeway-tier").ShouldBe("free");
    }

    [Theory]
    [InlineData(""" "n": 1 """)]
    [InlineData(""" "size": null """)]
    public async Task Image_OfNoSize_IsAskedForWith512By512(string member)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await ImageAsync(gateway, caller, "dall-e-3", member);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        using var sent = JsonDocument.Parse(gateway.Upstream.Requests.ShouldHaveSingleItem().Body);
        sent.RootElement.GetProperty("size").GetString().ShouldBe("512x512");
    }

    [Fact]
    public async Task FreeTier_ChatEmbeddingsAndImages_AreServed()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        await gateway.AdmittedAsync(caller, "acme/a:free", times: 1);
        using var embeddings = await gateway.PostAsync("""{"model":"acme/a:free","input":"one two"}""", caller, "api/v1/embeddings");
        await embeddings.Content.LoadIntoBufferAsync();
        using var image = await ImageAsync(gateway, caller, "flux-pro", """ "n": 1 """);

        (embeddings.StatusCode, image.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        (await Eventually.GetAsync(() => gateway.LimitAsync(caller, "apilaplas.regular-requests"), card => card.GetProperty("used").GetInt64() is 3))
            .GetProperty("remaining").GetInt64().ShouldBe(7);
    }

    private static async Task ExhaustedAsync(TestGateway gateway, HttpClient caller, string model, string limit)
    {
        using var response = await gateway.AskAsync(caller, model);
        await IsExhaustedAsync(response, limit);
    }

    private static async Task IsExhaustedAsync(HttpResponseMessage response, string limit)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await response.Content.ReadAsStringAsync());
        var body = await response.JsonAsync();
        body.EnumerateObject().Select(member => member.Name).ShouldBe(["message", "path", "requestId", "statusCode", "timestamp"]);
        body.GetProperty("message").GetString().ShouldBe(
            $"You have exhausted the available [plan.rule:{limit.Replace('-', '_')}] resource limit. Update your payment "
            + "method to continue using the service. For more information please visit "
            + "https://www.apilaplas.com/app/billing");
        body.GetProperty("path").GetString().ShouldBe("/v1/chat/completions");
        body.GetProperty("requestId").GetString().ShouldBe(response.Header("x-request-id"));
        body.GetProperty("statusCode").GetString().ShouldBe("403");
        body.GetProperty("timestamp").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> ImageAsync(TestGateway gateway, HttpClient caller, string model, string member) =>
        gateway.PostAsync($$"""{"model":"{{model}}:free","prompt":"a cat",{{member}}}""", caller, "api/v1/images/generations");

    private static Task<TestGateway> StartAsync(Func<LoopbackRequest, LoopbackScript?>? script = null) =>
        PresetGateway.StartAsync(
            script, "apilaplas", null,
            [
                PresetGateway.Free("acme/a", "apilaplas"),
                PresetGateway.Free("acme/b", "apilaplas"),
                .. new[] { "flux-pro", "recraft-v3", "dall-e-2", "dall-e-3" }.Select(id => PresetGateway.Free(id, "apilaplas")),
                TestCatalogue.Model("acme/large-images", new { image_tokens = 513, free = new { enabled = true, plan = "apilaplas" } }),
                TestCatalogue.Model("acme/small-images", new { image_tokens = 256, free = new { enabled = true, plan = "apilaplas" } }),
            ]);
}
