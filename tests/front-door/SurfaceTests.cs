using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>The endpoints beside chat: the same way through the house, with a body and a usage of their own.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public async Task Embeddings_OfAFreeSlug_AreAnsweredAndTakeOneOfTheQuota()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await PostAsync(gateway, "embeddings", """{"input":["one two","three"],"model":"demo/echo:free","dimensions":4}""");

        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        body.ShouldContain("\"prompt_tokens\":3");
        response.Header("X-RateLimit-Remaining").ShouldBe("9");
        var request = gateway.Upstream.Requests.ShouldHaveSingleItem();
        (request.Path, Encoding.UTF8.GetString(request.Body.Span)).ShouldBe(("/v1/embeddings", """{"input":["one two","three"],"model":"echo","dimensions":4}"""));
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("endpoint").GetString().ShouldBe("embeddings");
        record.GetProperty("prompt_tokens").GetInt64().ShouldBe(3);
        record.GetProperty("completion_tokens").GetInt64().ShouldBe(0);
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Embeddings_WhoseUpstreamSaysNothingOfUsage_AreEstimatedByTheirInputAlone()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Usage = LoopbackUsage.None });

        using var response = await PostAsync(gateway, "embeddings", $$"""{"model":"demo/echo:free","input":"{{new string('x', 398)}}"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("prompt_tokens").GetInt64().ShouldBe(100);
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Images_OfAFreeSlug_AreAnsweredAndTakeOneOfTheQuota()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { ImageTokens = 100 });

        using var response = await PostAsync(gateway, "images/generations", """{"model":"demo/echo:free","prompt":"a cat","n":2,"size":"512x512"}""");

        var images = await response.JsonAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        images.GetProperty("data").GetArrayLength().ShouldBe(2);
        response.Header("X-RateLimit-Remaining").ShouldBe("9");
        var upstream = gateway.Upstream.Requests.ShouldHaveSingleItem();
        (upstream.Path, upstream.Images).ShouldBe(("/v1/images/generations", new ImagesTurn("echo", "a cat", 2, "512x512")));
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("endpoint").GetString().ShouldBe("images/generations");
        record.GetProperty("completion_tokens").GetInt64().ShouldBe(200);
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("embeddings", """{"model":"demo/echo:free"}""", "input")]
    [InlineData("images/generations", """{"model":"demo/echo:free"}""", "prompt")]
    [InlineData("images/generations", """{"model":"demo/echo:free","prompt":"a","n":"2"}""", "n")]
    public async Task Body_NotOfTheSurface_IsRefusedAndNamesTheField(string endpoint, string body, string param)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await PostAsync(gateway, endpoint, body);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("invalid_request");
        error.GetProperty("param").GetString().ShouldBe(param);
        gateway.Upstream.Received.ShouldBe(0);
    }

    private static Task<HttpResponseMessage> PostAsync(TestGateway gateway, string endpoint, string body) =>
        gateway.Http.PostAsync("api/v1/" + endpoint, new StringContent(body, Encoding.UTF8, "application/json"));
}
