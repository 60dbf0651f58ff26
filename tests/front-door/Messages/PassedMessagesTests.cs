using System.Net;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Surfaces;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary>The Messages API with upstreams that speak it: passed through byte for byte, but for the model.</summary>
public sealed class PassedMessagesTests
{
    private const string Echo = "demo/echo:free";

    [Fact]
    public async Task Request_OfAnySpelling_GoesUpstreamByteForByteButForTheModel()
    {
        const string json = """{ "system":[{"type":"text","text":"be \u0062rief","cache_control":{"type":"ephemeral"}}], "model" : "MODEL","max_tokens":100, "top_k":5,"thinking":{"type":"enabled","budget_tokens":1024},"x":[1.50],"messages":[{"role":"user","content":"hello there"}]}""";
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(json.Replace("MODEL", Echo, StringComparison.Ordinal));

        await response.JsonAsync();
        var request = gateway.Upstream.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/v1/messages");
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe(json.Replace("MODEL", "echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_OfTheCallers_GoUpstreamAndTheVersionHasADefault()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var plain = await gateway.MessageAsync(MessagesCalls.Body(model: Echo));
        using var told = await gateway.MessageAsync(
            MessagesCalls.Body(model: Echo), ("anthropic-version", "2024-01-01"), ("anthropic-beta", "one-1,two-2"));

        var sent = gateway.Upstream.Requests.Select(request => request.Headers).ToList();
        sent[0]["anthropic-version"].ShouldBe("2023-06-01");
        sent[0].ShouldNotContainKey("anthropic-beta");
        (sent[1]["anthropic-version"], sent[1]["anthropic-beta"]).ShouldBe(("2024-01-01", "one-1,two-2"));
    }

    [Fact]
    public async Task Key_OfAnUpstreamThatWantsItInXApiKey_GoesThere()
    {
        var settings = TestCatalogue.Settings(
            new
            {
                upstreams = new
                {
                    loopback = new
                    {
                        base_url = "http://127.0.0.1:1/v1",
                        key_setting = "ANTHROPIC_KEY",
                        auth = new { header = "x-api-key" },
                        surfaces = new[] { "messages" },
                    },
                },
                plans = new { free = new { limits = new[] { new { name = "a-day", unit = "requests", amount = 10, window = "day", scope = "org" } } } },
                models = new[] { TestCatalogue.Model("acme/model", new { free = new { enabled = true, plan = "free" } }) },
            },
            ("ANTHROPIC_KEY", "sk-ours"));
        await using var gateway = await TestGateway.StartAsync(settings: settings);
        using var caller = gateway.Client(null);
        caller.DefaultRequestHeaders.Add("x-api-key", gateway.ApiKey);

        using var response = await gateway.PostAsync(MessagesCalls.Body(), caller, "api/v1/messages");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = gateway.Upstream.Requests.ShouldHaveSingleItem().Headers;
        sent["x-api-key"].ShouldBe("sk-ours");
        sent.ShouldNotContainKey("authorization");
    }

    [Fact]
    public async Task Whole_IsAnsweredWithOurModelAndRecordedWithItsUsage()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo, more: """{"system":"be brief"}"""));

        var message = await response.JsonAsync();
        (message.Text("type"), message.Text("model"), message.Text("stop_reason")).ShouldBe(("message", "demo/echo", "end_turn"));
        message.GetProperty("content")[0].Text("text").ShouldBe("one two three");
        response.Header("request-id").ShouldBe(response.Header("x-request-id"));
        (response.Header("x-freeway-tier"), response.Header("X-RateLimit-Remaining")).ShouldBe(("free", "9"));
        var record = await gateway.RecordAsync();
        (record.Text("endpoint"), record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("finish_reason"), record.Text("upstream_model"))
            .ShouldBe(("messages", 5, 3, "end_turn", "echo"));
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_IsPassedOnAsItIsButForTheModelAndRecordedWithItsUsage()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo, stream: true));

        var stream = await response.ReadAsync();
        MessagesCalls.Types(stream).ShouldBe(
        [
            "message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta",
            "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        ]);
        MessagesCalls.Events(stream)[0].GetProperty("message").Text("model").ShouldBe("demo/echo");
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("finish_reason"), record.GetProperty("stream").GetBoolean())
            .ShouldBe((3, 3, "end_turn", true));
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_ThatIsToTellItsQuota_TellsItInTheMessageDelta()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo, stream: true), ("x-freeway-include", "quota"));

        var delta = MessagesCalls.Events(await response.ReadAsync()).Single(data => data.Text("type") is "message_delta");
        delta.GetProperty("freeway").Text("tier").ShouldBe("free");
        delta.GetProperty("freeway").GetProperty("limits")[0].Count("remaining").ShouldBe(9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_ThatBreaks_EndsInAnErrorEventAndIsBookedByWhatCame(bool drops)
    {
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { DropAfter = drops ? 2 : null, ErrorAfter = drops ? null : 2 });

        using var response = await gateway.MessageAsync(MessagesCalls.Body("onetwo three", model: Echo, stream: true));

        var seen = await BrokenOff.ReadAsync(response);
        MessagesCalls.Types(seen).Count(type => type is "error").ShouldBe(1);
        seen.ShouldContain("event: error\n");
        var last = MessagesCalls.Events(seen)[^1];
        last.GetProperty("error").Text("type").ShouldBe("api_error");
        last.GetProperty("error").Text("message").ShouldNotBeEmpty();
        var record = await gateway.RecordAsync();
        (record.Text("error_code"), record.Count("prompt_tokens"), record.Count("completion_tokens")).ShouldBe(("upstream_error", 2, 3));
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Stream_ThatFailsBeforeAnyContent_TakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { ErrorAfter = 0 });

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo, stream: true));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.JsonAsync()).GetProperty("error").Text("type").ShouldBe("api_error");
        (await gateway.FreeLeftAsync(Echo)).ShouldBe(10);
    }

    /// <summary>What a message begins with names an output that is no count of it yet.</summary>
    [Fact]
    public async Task Stream_ThatFailsBehindItsStart_IsGivenBackAndCostsNothing()
    {
        const string start = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"theirs","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":4}}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


            """;
        await using var upstream = await RawUpstream.StartAsync("text/event-stream", start);
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(upstream.BaseUrl, "messages"));

        using var response = await gateway.MessageAsync(MessagesCalls.Body(stream: true));

        var seen = await BrokenOff.ReadAsync(response);
        MessagesCalls.Types(seen).ShouldBe(["message_start", "error"]);
        var record = await gateway.RecordAsync();
        (record.Count("total_tokens"), record.Text("error_code")).ShouldBe((0, "upstream_error"));
        (await gateway.FreeLeftAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task Rejected_ByAnUpstreamThatSpeaksIt_PassesThroughAsItIs()
    {
        const string error = """{"type":"error","error":{"type":"invalid_request_error","message":"messages: too odd"},"request_id":"req_theirs"}""";
        await using var upstream = await StatusUpstream.StartAsync(400, error);
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(upstream.BaseUrl, "messages"));

        using var response = await gateway.MessageAsync(MessagesCalls.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldBe(error);
        (await gateway.FreeLeftAsync()).ShouldBe(99);
    }

    [Fact]
    public async Task Repeat_UnderOneKey_IsAnsweredWithTheSameMessage()
    {
        await using var gateway = await TestGateway.StartAsync();
        var headers = new[] { ("Idempotency-Key", "once") };

        using var first = await gateway.MessageAsync(MessagesCalls.Body(model: Echo), headers);
        var answered = await first.Content.ReadAsStringAsync();
        using var second = await gateway.MessageAsync(MessagesCalls.Body(model: Echo), headers);

        (await second.Content.ReadAsStringAsync()).ShouldBe(answered);
        second.Header("x-freeway-idempotent").ShouldBe("replayed");
        gateway.Upstream.Received.ShouldBe(1);
    }
}
