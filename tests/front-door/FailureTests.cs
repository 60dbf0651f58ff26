using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>What goes wrong between caller and upstream: who is told what, and what is given back.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("/script error=500", HttpStatusCode.BadGateway, "upstream_error")]
    [InlineData("/script error=429 retry_after=30", HttpStatusCode.BadGateway, "upstream_error")]
    [InlineData("/script error=401", HttpStatusCode.BadGateway, "upstream_error")]
    [InlineData("/script hang_up=true", HttpStatusCode.BadGateway, "upstream_error")]
    public async Task Upstream_ThatProducesNothing_CostsNothing(string text, HttpStatusCode status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();

        for (var i = 0; i < 11; i++)
        {
            using var failed = await gateway.ChatAsync("demo/echo:free", text, stream: i % 2 is 0);
            (await failed.ErrorAsync(status)).GetProperty("code").GetString().ShouldBe(code);

            // Else it would be left alone for a while.
            gateway.Clock.MoveOn(TimeSpan.FromSeconds(31));
        }

        await gateway.SpendAsync("demo/echo:free");
        var records = await gateway.ActivityAsync(21);
        records.Count(record => record.GetProperty("status").GetInt32() == (int)status).ShouldBe(11);
    }

    [Fact]
    public async Task Upstream_OutOfReach_CostsNothing()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { [TestGateway.UpstreamUrl] = TestGateway.UnreachableAddress });

        using var failed = await gateway.ChatAsync("demo/echo:free");

        (await failed.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("remaining").GetInt64().ShouldBe(10);
    }

    [Fact]
    public async Task Upstream_ThatRefusesTheContent_IsPassedOnAndCounts()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var rejected = await gateway.ChatAsync("demo/echo:free", "/script error=400");

        rejected.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await rejected.JsonAsync()).GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem().GetProperty("status").GetInt32().ShouldBe(400);
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("remaining").GetInt64().ShouldBe(9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upstream_SilentForTooLong_IsATimeOutAndCostsNothing(bool stream)
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders },
            new Dictionary<string, string?> { ["Freeway:Upstream:FirstByte"] = "00:00:10", ["Freeway:Relay:Heartbeat"] = "00:00:30" });
        var asked = gateway.ChatAsync("demo/echo:free", stream: stream);
        var request = await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(11));

        using var response = await asked;
        (await response.ErrorAsync(HttpStatusCode.GatewayTimeout)).GetProperty("code").GetString().ShouldBe("upstream_timeout");
        await request.ClientGone;
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("remaining").GetInt64().ShouldBe(10);
    }

    [Fact]
    public async Task Stream_WhoseUpstreamThinksForLong_IsKeptAliveByComments()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders });
        var asked = gateway.ChatAsync("demo/echo:free", stream: true);
        await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(16));
        using var response = await asked;
        gate.Open();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await response.Content.ReadAsStringAsync();
        body.ShouldStartWith(": freeway\n\n");
        body.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Stream_KeptAliveAndThenRejected_EndsWithAnErrorChunkAndABrokenConnection()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders, Error = 400 });
        var asked = gateway.ChatAsync("demo/echo:free", stream: true);
        await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(16));
        using var response = await asked;
        gate.Open();

        var (received, broken) = await ReadToTheEndAsync(response);
        broken.ShouldBeTrue();
        received.ShouldStartWith(": freeway");
        received.ShouldContain("\"finish_reason\":\"error\"");
        received.ShouldContain("\"code\":\"upstream_error\"");
    }

    [Theory]
    [InlineData("/script chunks=6 error_after=3 one two three four five six")]
    [InlineData("/script chunks=6 drop_after=3 one two three four five six")]
    public async Task Stream_ThatBreaksInTheMiddle_EndsWithAnErrorChunkAndABrokenConnection(string text)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("demo/echo:free", text, stream: true);

        var (received, broken) = await ReadToTheEndAsync(response);
        broken.ShouldBeTrue("the connection must not end properly");
        received.ShouldContain("three");
        received.ShouldContain("\"finish_reason\":\"error\"");
        received.ShouldContain("\"error\":{");
        received.ShouldNotContain("[DONE]");
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("error_code").GetString().ShouldBe("upstream_error");
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        record.GetProperty("completion_tokens").GetInt64().ShouldBeGreaterThan(0);
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("remaining").GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task Caller_WhoLeavesInMidStream_CancelsTheUpstreamAndIsSettled()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 2, Text = "one two three four" });
        var response = await gateway.ChatAsync("demo/echo:free", stream: true);
        var request = await gate.ArrivalAsync();

        response.Dispose();

        await request.ClientGone;
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("status").GetInt32().ShouldBe(499);
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        record.GetProperty("completion_tokens").GetInt64().ShouldBeGreaterThan(0);
        var row = await Eventually.GetAsync(async () => (await gateway.LedgerAsync("quota|fastrouter")).Single(), seen => seen.GetInt64("Reserved") is 0);
        row.GetInt64("Used").ShouldBe(1);
    }

    [Fact]
    public async Task Usage_ThatTheUpstreamLeavesOut_IsEstimatedAndMarked()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("demo/echo:free", "/script usage=none some words to count", stream: true);
        await response.Content.ReadAsStringAsync();

        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        record.GetProperty("completion_tokens").GetInt64().ShouldBeGreaterThan(0);
        record.GetProperty("prompt_tokens").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("{\"model\":\"demo/echo:free\",\"messages\":[", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{\"messages\":[]}", "invalid_request")]
    [InlineData("{\"model\":7,\"messages\":[]}", "invalid_request")]
    [InlineData("{\"model\":\"demo/paid\",\"model\":\"demo/echo:free\",\"messages\":[]}", "invalid_request")]
    public async Task Body_ThatIsNoGood_IsRefusedWithNothingTaken(string json, string code)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(json);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe(code);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_WithHalfACharacter_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        var body = Encoding.UTF8.GetBytes("{\"model\":\"demo/echo:free\",\"messages\":[{\"role\":\"user\",\"content\":\"é\"}]}");
        body = [.. body.Where(unit => unit is not 0xA9)];

        using var response = await gateway.Http.PostAsync("api/v1/chat/completions", new ByteArrayContent(body));

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_json");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_LargerThanAllowed_IsRefusedWhetherOrNotItSaysItsLength(bool saysLength)
    {
        await using var gateway = await TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:MaxRequestBytes"] = "100000" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/chat/completions") { Content = new ByteArrayContent(new byte[200_000]) };
        request.Headers.TransferEncodingChunked = !saysLength;

        using var response = await gateway.Http.SendAsync(request);

        (await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString().ShouldBe("request_too_large");
    }

    [Fact]
    public async Task Headers_LargerThanAllowed_AreRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = gateway.Client(gateway.Host.ApiKey!);
        client.DefaultRequestHeaders.Add("x-long", new string('a', 30_000));

        using var response = await gateway.ChatAsync("demo/echo:free", client: client);

        ((int)response.StatusCode).ShouldBe(431);
        (await response.JsonAsync()).GetProperty("error").GetProperty("code").GetString().ShouldBe("request_headers_too_large");
    }

    [Fact]
    public async Task Caller_WithoutAGoodKey_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var none = gateway.Client(null);
        using var wrong = gateway.Client("fw-wrong");
        using var disabled = gateway.Client(await gateway.NewKeyAsync("other", disabled: true));
        using var disabledOrg = gateway.Client(await gateway.NewKeyAsync("third", orgDisabled: true));
        using var other = gateway.Client(null);
        other.DefaultRequestHeaders.Add("x-api-key", gateway.Host.ApiKey!);

        foreach (var (client, status, code) in new[]
        {
            (none, HttpStatusCode.Unauthorized, "invalid_api_key"),
            (wrong, HttpStatusCode.Unauthorized, "invalid_api_key"),
            (disabled, HttpStatusCode.Forbidden, "key_disabled"),
            (disabledOrg, HttpStatusCode.Forbidden, "org_disabled"),
        })
        {
            using var refused = await gateway.ChatAsync("demo/echo:free", client: client);
            (await refused.ErrorAsync(status)).GetProperty("code").GetString().ShouldBe(code);
        }

        using var admitted = await gateway.ChatAsync("demo/echo:free", client: other);
        admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(string Received, bool Broken)> ReadToTheEndAsync(HttpResponseMessage response)
    {
        var received = new StringBuilder();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                received.AppendLine(line);
            }

            return (received.ToString(), false);
        }
        catch (IOException)
        {
            return (received.ToString(), true);
        }
    }
}
