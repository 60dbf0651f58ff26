using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Surfaces;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary>The Messages API with upstreams that speak chat completions alone: translated both ways.</summary>
public sealed class TranslatedMessagesTests
{
    [Fact]
    public async Task Whole_IsAskedForAsAChatAndAnsweredAsAMessage()
    {
        await using var gateway = await MessagesCalls.TranslatingAsync();

        using var response = await gateway.MessageAsync(
            MessagesCalls.Body(more: """{"system":[{"type":"text","text":"be brief"}],"stop_sequences":["END"]}"""), ("anthropic-beta", "one-1"));

        var message = await response.JsonAsync();
        (message.Text("type"), message.Text("role"), message.Text("model"), message.Text("stop_reason")).ShouldBe(("message", "assistant", "acme/model", "end_turn"));
        message.GetProperty("content").GetRawText().ShouldBe("""[{"type":"text","text":"one two three"}]""");
        (message.GetProperty("usage").Count("input_tokens"), message.GetProperty("usage").Count("output_tokens")).ShouldBe((5, 3));
        var request = gateway.Upstream.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/v1/chat/completions");
        request.Headers.Keys.ShouldNotContain(name => name.StartsWith("anthropic", StringComparison.OrdinalIgnoreCase));
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe(
            """{"model":"theirs","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"one two three"}],"max_tokens":100,"stop":["END"]}""");
        var record = await gateway.RecordAsync();
        (record.Text("endpoint"), record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("upstream_model")).ShouldBe(("messages", 5, 3, "theirs"));
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_IsAnsweredAsTheEventsOfAMessageAndRecordedWithItsUsage()
    {
        await using var gateway = await MessagesCalls.TranslatingAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(stream: true));

        var stream = await response.ReadAsync();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        MessagesCalls.Types(stream).ShouldBe(
        [
            "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_delta",
            "content_block_stop", "message_delta", "message_stop",
        ]);
        MessagesCalls.Events(stream)[0].GetProperty("message").Text("model").ShouldBe("acme/model");
        gateway.Upstream.Requests.ShouldHaveSingleItem().Chat!.IncludeUsage.ShouldBeTrue();
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.GetProperty("estimated").GetBoolean()).ShouldBe((3, 3, false));
    }

    /// <summary>Each event goes out before the next one comes.</summary>
    [Fact]
    public async Task Stream_ThatIsHeldInTheMiddle_HasGoneOutAsFarAsItCame()
    {
        var gate = new LoopbackGate();
        await using var gateway = await MessagesCalls.TranslatingAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 2 });
        using var response = await gateway.MessageAsync(MessagesCalls.Body(stream: true));
        await gate.ArrivalAsync();

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var seen = "";
        while (!seen.Contains(" two", StringComparison.Ordinal))
        {
            seen += await reader.ReadLineAsync();
        }

        gate.Open();
        (await reader.ReadToEndAsync()).ShouldContain("message_stop");
    }

    [Fact]
    public async Task Conversation_WithAToolAndItsResult_ComesBackAsTheUpstreamWantsIt()
    {
        await using var gateway = await MessagesCalls.TranslatingAsync(request =>
            request.Body.Span.IndexOf("\"tool_call_id\""u8) >= 0 ? new LoopbackScript { Text = "sunny" }
                : new LoopbackScript { ToolCall = new LoopbackToolCall("weather", """{"city":"Oslo"}""") });
        const string tools = """{"tools":[{"name":"weather","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}""";

        using var first = await gateway.MessageAsync(MessagesCalls.Body(more: tools));
        var called = await first.JsonAsync();
        called.Text("stop_reason").ShouldBe("tool_use");
        var call = called.GetProperty("content")[0];
        (call.Text("type"), call.Text("name"), call.GetProperty("input").Text("city")).ShouldBe(("tool_use", "weather", "Oslo"));

        var messages = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "how is it" },
            new JsonObject { ["role"] = "assistant", ["content"] = JsonNode.Parse(called.GetProperty("content").GetRawText()) },
            JsonNode.Parse($$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{call.Text("id")}}","content":"sunny"}]}"""));
        using var second = await gateway.MessageAsync(MessagesCalls.Body(more: new JsonObject { ["messages"] = messages }.ToJsonString()));

        (await second.JsonAsync()).GetProperty("content")[0].Text("text").ShouldBe("sunny");
        using var sent = JsonDocument.Parse(gateway.Upstream.Requests[1].Body);
        var told = sent.RootElement.GetProperty("messages");
        told[1].GetProperty("tool_calls")[0].Text("id").ShouldBe(call.Text("id"));
        (told[2].Text("role"), told[2].Text("tool_call_id"), told[2].Text("content")).ShouldBe(("tool", call.Text("id"), "sunny"));
    }

    [Fact]
    public async Task Rejected_ByTheUpstream_IsTheUpstreamsErrorInAnthropicsShapeAndCounts()
    {
        await using var upstream = await StatusUpstream.StartAsync(400, """{"error":{"message":"too odd","type":"invalid_request_error","param":"messages","code":"odd"}}""");
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(upstream.BaseUrl, "chat/completions"));

        using var response = await gateway.MessageAsync(MessagesCalls.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = await response.JsonAsync();
        error.Text("type").ShouldBe("error");
        (error.GetProperty("error").Text("type"), error.GetProperty("error").Text("message"), error.GetProperty("error").Text("code"))
            .ShouldBe(("invalid_request_error", "too odd", "odd"));
        (await gateway.RecordAsync()).Text("error_code").ShouldBe("upstream_rejected");
        (await gateway.FreeLeftAsync()).ShouldBe(99);
    }

    /// <summary>A role alone is no content: the message has not begun, and the quota is whole again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_ThatFailsBeforeAnyContent_GoesToTheNextRouteAndThenIsGivenBack(bool fails)
    {
        const string failing = """
            data: {"id":"c-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"error":{"message":"overloaded","code":502}}


            """;
        await using var first = await RawUpstream.StartAsync("text/event-stream", failing);
        var settings = TwoUpstreams.Settings(
            new JsonObject { ["one"] = TwoUpstreams.Upstream(), ["two"] = TwoUpstreams.Upstream() },
            [TwoUpstreams.Model(TwoUpstreams.Slug[..^5], ("one", "first"), ("two", "second"))],
            ("Freeway:Upstreams:one:BaseUrl", first.BaseUrl));
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { ErrorAfter = fails ? 0 : null }, settings);

        using var response = await gateway.MessageAsync(MessagesCalls.Body(stream: true, model: TwoUpstreams.Slug));

        first.Received.ShouldBe(1);
        gateway.Upstream.Received.ShouldBe(1);
        if (fails)
        {
            (await response.ErrorAsync(HttpStatusCode.BadGateway)).Text("type").ShouldBe("api_error");
        }
        else
        {
            MessagesCalls.Types(await response.ReadAsync())[^1].ShouldBe("message_stop");
            response.Header("x-freeway-upstream").ShouldBe("two");
        }

        (await gateway.FreeLeftAsync(TwoUpstreams.Slug)).ShouldBe(fails ? 100 : 99);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_ThatBreaks_EndsInAnErrorEventAndIsBookedByWhatCame(bool drops)
    {
        await using var gateway = await MessagesCalls.TranslatingAsync(
            _ => new LoopbackScript { DropAfter = drops ? 2 : null, ErrorAfter = drops ? null : 2 });

        using var response = await gateway.MessageAsync(MessagesCalls.Body("onetwo three", stream: true));

        var seen = await BrokenOff.ReadAsync(response);
        MessagesCalls.Types(seen).ShouldBe(["message_start", "content_block_start", "content_block_delta", "content_block_delta", "error"]);
        MessagesCalls.Events(seen)[^1].GetProperty("error").Text("type").ShouldBe("api_error");
        var record = await gateway.RecordAsync();
        (record.Text("error_code"), record.Count("completion_tokens"), record.GetProperty("estimated").GetBoolean()).ShouldBe(("upstream_error", 3, true));
        (await gateway.FreeLeftAsync()).ShouldBe(99);
    }

    [Fact]
    public async Task Caller_WhoLeavesAStream_CancelsTheUpstreamAndPaysForWhatCame()
    {
        var gate = new LoopbackGate();
        await using var gateway = await MessagesCalls.TranslatingAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 1 });
        using (var response = await gateway.MessageAsync(MessagesCalls.Body("onetwo three", stream: true)))
        {
            await gate.ArrivalAsync();
            var first = new byte[1];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(first);
        }

        await gateway.Upstream.Requests[0].ClientGone;
        var record = await gateway.RecordAsync();
        (record.Count("status"), record.Text("error_code"), record.Count("completion_tokens")).ShouldBe((499, "caller_gone", 2));
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        gate.Open();
    }

    [Fact]
    public async Task Request_WithATool_ThatOnlyAnthropicRuns_IsRefusedAndGivenBack()
    {
        await using var gateway = await MessagesCalls.TranslatingAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(more: """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}"""));

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (error.Text("type"), error.Text("code"), error.Text("param")).ShouldBe(("invalid_request_error", "invalid_request", "tools[0].type"));
        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.FreeLeftAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task Quirk_OfChatCompletions_HoldsForWhatIsTranslated()
    {
        var settings = TwoUpstreams.Settings(
            new JsonObject
            {
                ["one"] = JsonNode.Parse("""{"base_url":"http://127.0.0.1:1/v1","quirks":[{"rename":{"max_tokens":"max_completion_tokens"},"drop":["reasoning_effort"]}]}"""),
            },
            [TwoUpstreams.Model("acme/model", ("one", "theirs"))]);
        await using var gateway = await TestGateway.StartAsync(settings: settings);

        using var response = await gateway.MessageAsync(MessagesCalls.Body(more: """{"thinking":{"type":"enabled","budget_tokens":2000}}"""));

        await response.ReadAsync();
        var sent = Encoding.UTF8.GetString(gateway.Upstream.Requests[0].Body.Span);
        sent.ShouldContain("\"max_completion_tokens\":100");
        sent.ShouldNotContain("reasoning_effort");
    }

    [Fact]
    public async Task Images_OfAMessage_AreShownAndCounted()
    {
        await using var gateway = await MessagesCalls.TranslatingAsync();
        const string messages = """{"messages":[{"role":"user","content":[{"type":"text","text":"what is it"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}""";

        using var response = await gateway.MessageAsync(MessagesCalls.Body(more: messages));

        await response.ReadAsync();
        Encoding.UTF8.GetString(gateway.Upstream.Requests[0].Body.Span).ShouldContain("data:image/png;base64,iVBORw0KGgo=");
    }
}
