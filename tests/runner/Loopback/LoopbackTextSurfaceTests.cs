using System.Net;
using System.Text.Json.Nodes;

namespace Freeway.Runner.Tests.Loopback;

/// <summary>Completions, responses and moderations.</summary>
public sealed class LoopbackTextSurfaceTests
{
    [Fact]
    public async Task Completion_NotStreamed_HasTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await rig.JsonAsync("/completions", """{"model":"m","prompt":["a b","c"],"max_tokens":1}""");

        answer.ToJsonString().ShouldBe(
            $$$"""
            {"id":"cmpl-loopback1","object":"text_completion","created":{{{rig.Time.GetUtcNow().ToUnixTimeSeconds()}}},"model":"m","choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":"length"},{"text":"c","index":1,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
            """);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(""","stream_options":{"include_usage":true}""", 1)]
    public async Task Completion_Streamed_HasUsageWhereAsked(string more, int usageChunks)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsOfAsync("/completions", $$"""{"model":"m","prompt":"a b","stream":true{{more}}}""");

        events[^1].Data.ShouldBe("[DONE]");
        var chunks = events[..^1].Select(one => JsonNode.Parse(one.Data)!).ToArray();
        chunks.ShouldAllBe(chunk => (string?)chunk["object"] == "text_completion");
        chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => ((string?)choice!["text"], (string?)choice["finish_reason"]))
            .ShouldBe([("a", null), (" b", null), ("", "stop")]);
        chunks.Count(chunk => chunk["usage"] is JsonObject).ShouldBe(usageChunks);
        chunks.Length.ShouldBe(3 + usageChunks);
    }

    [Fact]
    public async Task Response_NotStreamed_HasTheShapeOfOpenAi()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await rig.JsonAsync(
            "/responses",
            """{"model":"m","instructions":"be brief","input":[{"role":"user","content":[{"type":"input_text","text":"hello world"}]}]}""");

        ((string?)answer["id"], (string?)answer["object"], (string?)answer["status"]).ShouldBe(("resp_loopback1", "response", "completed"));
        answer["output"]!.ToJsonString().ShouldBe(
            """[{"id":"msg_loopback1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"hello world","annotations":[],"logprobs":[]}]}]""");
        answer["usage"]!.ToJsonString().ShouldBe(
            """{"input_tokens":4,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":6}""");
    }

    [Fact]
    public async Task Response_Streamed_IsNamedAndNumberedEvents()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsOfAsync("/responses", """{"model":"m","input":"hello world","stream":true}""");

        events.Select(one => one.Name).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
            "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done",
            "response.output_item.done", "response.completed",
        ]);
        var data = events.Select(one => JsonNode.Parse(one.Data)!).ToArray();
        data.Select(one => (string?)one["type"]).ShouldBe(events.Select(one => one.Name));
        data.Select(one => (int)one["sequence_number"]!).ShouldBe(Enumerable.Range(0, 10));
        string.Concat(data.Select(one => (string?)one["delta"])).ShouldBe("hello world");
        data[0]["response"]!["usage"].ShouldBeNull();
        ((int)data[^1]["response"]!["usage"]!["total_tokens"]!).ShouldBe(4);
        ((string?)data[^1]["response"]!["output"]![0]!["content"]![0]!["text"]).ShouldBe("hello world");
    }

    [Theory]
    [InlineData("/script error_after=1 a b", "", "error")]
    [InlineData("/script finish_reason=failed a b", "", "response.failed")]
    [InlineData("a b", ""","max_output_tokens":1""", "response.incomplete")]
    public async Task Response_ThatEndsOtherwise_SaysSoLast(string input, string more, string last)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsOfAsync("/responses", $$"""{"model":"m","input":"{{input}}","stream":true{{more}}}""");

        events[^1].Name.ShouldBe(last);
    }

    [Theory]
    [InlineData("/completions", """{"model":"m","prompt":"/script drop_after=1 a b","stream":true}""")]
    [InlineData("/responses", """{"model":"m","input":"/script drop_after=1 a b","stream":true}""")]
    public async Task Stream_ScriptedToDrop_Breaks(string path, string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var broken = await Should.ThrowAsync<HttpRequestException>(async () => await rig.EventsOfAsync(path, body));

        broken.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
    }

    [Fact]
    public async Task Moderation_OfSeveralTexts_JudgesEach()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = await rig.JsonAsync("/moderations", """{"model":"m","input":["peace","Violence!"]}""");

        ((string?)answer["id"], (string?)answer["model"]).ShouldBe(("modr-loopback1", "m"));
        answer["results"]!.AsArray().Select(one => ((bool)one!["flagged"]!, (bool)one["categories"]!["violence"]!)).ShouldBe([(false, false), (true, true)]);
        answer["results"]!.AsArray().ShouldAllBe(one => one!["category_scores"]!.AsObject().Count == 13);
    }

    [Theory]
    [InlineData("/completions", """{"model":"m","prompt":"/script error=503"}""")]
    [InlineData("/responses", """{"model":"m","input":"/script error=503"}""")]
    [InlineData("/moderations", """{"model":"m","input":"/script error=503"}""")]
    [InlineData("/audio/speech", """{"model":"m","input":"/script error=503"}""")]
    public async Task Script_OnAnySurface_IsFollowed(string path, string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(path, new StringContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("/completions", """{"model":"m"}""")]
    [InlineData("/responses", """{"model":"m","input":5}""")]
    [InlineData("/moderations", """{"model":"m"}""")]
    [InlineData("/audio/speech", """{"model":"m"}""")]
    [InlineData("/audio/transcriptions", """{"model":"m"}""")]
    public async Task Body_NotOfTheSurface_IsRefused(string path, string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(path, new StringContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
