using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Tests.Loopback;

public sealed class LoopbackShapeTests
{
    private const string Details =
        """
        "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
        "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}
        """;

    [Fact]
    public async Task Completion_NotStreamed_HasTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(LoopbackRig.Body("hello  big\nworld"));

        response.Headers.GetValues("x-request-id").ShouldBe(["req_loopback1"]);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        ShouldEqual(await response.Content.ReadAsStringAsync(), $$$"""
            {"id":"chatcmpl-loopback1","object":"chat.completion","created":{{{rig.Time.GetUtcNow().ToUnixTimeSeconds()}}},"model":"echo","system_fingerprint":"fp_loopback",
             "choices":[{"index":0,"message":{"role":"assistant","content":"hello big world","refusal":null},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,{{{Details}}}}}
            """);
    }

    [Fact]
    public async Task Completion_Streamed_HasTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(LoopbackRig.Body("hello world", stream: true));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n");
        events.Length.ShouldBe(6);
        var created = rig.Time.GetUtcNow().ToUnixTimeSeconds();
        ShouldEqual(events[0]["data: ".Length..], Chunk("""{"role":"assistant","content":"","refusal":null}""", "null"));
        ShouldEqual(events[1]["data: ".Length..], Chunk("""{"content":"hello"}""", "null"));
        ShouldEqual(events[2]["data: ".Length..], Chunk("""{"content":" world"}""", "null"));
        ShouldEqual(events[3]["data: ".Length..], Chunk("{}", "\"stop\""));
        events[4..].ShouldBe(["data: [DONE]", ""]);

        string Chunk(string delta, string finish) =>
            $$"""
            {"id":"chatcmpl-loopback1","object":"chat.completion.chunk","created":{{created}},"model":"echo","system_fingerprint":"fp_loopback",
             "choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}]}
            """;
    }

    [Fact]
    public async Task ToolCall_NotStreamedAndStreamed_HasTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { ToolCall = new LoopbackToolCall("weather", """{"city":"Oslo"}""") });

        using var whole = await rig.PostAsync(LoopbackRig.Body("how is the weather"));
        var choice = JsonNode.Parse(await whole.Content.ReadAsStringAsync())!["choices"]![0]!;
        var events = await rig.EventsAsync("how is the weather");

        choice["finish_reason"]!.GetValue<string>().ShouldBe("tool_calls");
        ShouldEqual(choice["message"]!.ToJsonString(), """
            {"role":"assistant","content":null,"refusal":null,
             "tool_calls":[{"index":0,"id":"call_chatcmpl-loopback1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}
            """);
        var deltas = events[..^1].Select(chunk => JsonNode.Parse(chunk)!["choices"]![0]!["delta"]!["tool_calls"]?[0]).OfType<JsonNode>().ToList();
        deltas[0]["function"]!["name"]!.GetValue<string>().ShouldBe("weather");
        string.Concat(deltas.Select(delta => delta["function"]!["arguments"]!.GetValue<string>())).ShouldBe("""{"city":"Oslo"}""");
    }

    [Fact]
    public async Task Completion_StreamedWithUsage_SendsItInAChunkOfItsOwn()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsAsync("hello world", ""","stream_options":{"include_usage":true}""");

        events.Length.ShouldBe(6);
        events[..4].ShouldAllBe(one => one.EndsWith(",\"usage\":null}", StringComparison.Ordinal));
        ShouldEqual(events[4], $$$"""
            {"id":"chatcmpl-loopback1","object":"chat.completion.chunk","created":{{{rig.Time.GetUtcNow().ToUnixTimeSeconds()}}},"model":"echo","system_fingerprint":"fp_loopback",
             "choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6,{{{Details}}}}}
            """);
        events[5].ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Completion_ContentInParts_EchoesTheirText()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await rig.AnswerAsync(
            """{"model":"any/other","messages":[{"role":"user","content":[{"type":"text","text":"in "},{"type":"image_url"},{"type":"text","text":"parts"}]}]}""");

        Content(answer).ShouldBe("in parts");
        ((string?)JsonNode.Parse(answer)!["model"]).ShouldBe("any/other");
    }

    [Fact]
    public async Task Completion_CeilingBelowTheText_IsCutForLength()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await rig.AnswerAsync(LoopbackRig.Body("one two three", more: ",\"max_tokens\":2"));

        Content(answer).ShouldBe("one two");
        ((string?)JsonNode.Parse(answer)!["choices"]![0]!["finish_reason"]).ShouldBe("length");
    }

    [Fact]
    public async Task Completion_SeveralChoices_AnswersEach()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = JsonNode.Parse(await rig.AnswerAsync(LoopbackRig.Body("a b", more: ",\"n\":2")))!;

        answer["choices"]!.AsArray().Select(choice => (int)choice!["index"]!).ShouldBe([0, 1]);
        ((int)answer["usage"]!["completion_tokens"]!).ShouldBe(4);
    }

    [Fact]
    public async Task Models_Listed_HaveTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        ShouldEqual(await rig.Client.GetStringAsync(rig.Upstream.BaseUrl + "/models"),
            """{"object":"list","data":[{"id":"echo","object":"model","created":1767225600,"owned_by":"loopback"}]}""");
    }

    internal static string Content(string answer) => (string)JsonNode.Parse(answer)!["choices"]![0]!["message"]!["content"]!;

    private static void ShouldEqual(string json, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(expected)).ShouldBeTrue(json);
}
