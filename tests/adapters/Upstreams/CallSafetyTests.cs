using Freeway.Gateway.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Freeway.Adapters.Tests.Upstreams;

public sealed class CallSafetyTests
{
    private const string Keyed = """{ "base_url": "https://one.example/v1", "key_setting": "ONE_KEY", "models_path": "models", "key_path": "key", "rate_limit_headers": [ { "unit": "requests", "remaining": "x-ratelimit-left" } ] }""";

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_AnsweredWithARedirect_IsNotFollowed(int status)
    {
        await using var elsewhere = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("{}"));
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.StatusCode = status;
            response.Headers.Location = $"http://127.0.0.1:{elsewhere.Port}/v1/chat/completions";
            return Task.CompletedTask;
        });
        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{upstream.Port}/v1");

        using var reply = await rig.PostAsync("""{"model":"m"}""");

        reply.Status.ShouldBe(status);
        upstream.Received.Count.ShouldBe(1);
        elsewhere.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_TheUpstreamEchoesTheKey_ItIsInNothingThatIsKept()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.StatusCode = 429;
            response.Headers["x-request-id"] = $"req-{UpstreamRig.Key}";
            response.Headers["x-ratelimit-left"] = "7";
            response.Headers["x-ratelimit-key"] = UpstreamRig.Key;
            response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        });
        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{upstream.Port}/v1");

        using var reply = await rig.PostAsync("""{"model":"m"}""");

        reply.Headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal).ShouldBe(["retry-after: 30", "x-ratelimit-left: 7"]);
        reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        reply.RateLimits.ShouldHaveSingleItem().Remaining.ShouldBe(7);
        $"{reply} {rig.Upstream} {string.Join('\n', rig.Log.Lines)}".ShouldNotContain(UpstreamRig.Key);
    }

    [Fact]
    public async Task Send_NobodyIsThere_TheFailureHoldsNeitherKeyNorAddress()
    {
        int port;
        await using (var gone = await ScriptedUpstream.StartAsync((_, _) => Task.CompletedTask))
        {
            port = gone.Port;
        }

        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{port}/v1");

        var failure = await Should.ThrowAsync<UpstreamUnreachableException>(rig.PostAsync("""{"model":"m"}"""));

        failure.Message.ShouldBe("no connection");
        $"{failure} {string.Join('\n', rig.Log.Lines)}".ShouldNotContain(UpstreamRig.Key);
    }

    [Fact]
    public async Task Send_AStatusThatIsAFailure_IsSentOnce()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{upstream.Port}/v1", new CallOptions { ConnectRetries = 5, ConnectPause = TimeSpan.Zero });

        using var reply = await rig.PostAsync("""{"model":"m"}""");

        reply.Status.ShouldBe(503);
        upstream.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Send_TheConnectionBreaksBeforeAnAnswer_IsNotSentAgain()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.HttpContext.Abort();
            return Task.CompletedTask;
        });
        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{upstream.Port}/v1", new CallOptions { ConnectRetries = 5, ConnectPause = TimeSpan.Zero });

        await Should.ThrowAsync<UpstreamUnreachableException>(rig.PostAsync("""{"model":"m"}"""));

        upstream.Received.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("100000000", 86_400)]
    [InlineData("Sat, 21 Nov 2026 12:01:00 GMT", 60)]
    public async Task Send_RetryAfter_IsReadAndCapped(string retryAfter, int seconds)
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.StatusCode = 429;
            response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using var rig = new UpstreamRig(Keyed, $"http://127.0.0.1:{upstream.Port}/v1");

        using var reply = await rig.PostAsync("""{"model":"m"}""");

        reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Send_WithoutAKey_CarriesNoCredentials()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("{}"));
        await using var rig = new UpstreamRig("{ }", $"http://127.0.0.1:{upstream.Port}/v1");

        using var reply = await rig.PostAsync("""{"model":"m"}""");

        upstream.Received.ShouldHaveSingleItem().Headers.Keys.Order(StringComparer.Ordinal).ShouldBe(["Content-Length", "Content-Type", "Host"]);
    }
}
