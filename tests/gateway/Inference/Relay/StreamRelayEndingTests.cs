using System.Text.Json.Nodes;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class StreamRelayEndingTests
{
    private static readonly string Hello = Recorded.Chunk("""{"content":"hello"}""");

    [Fact]
    public async Task Relay_NoDoneButAFinishReason_IsComplete()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(Hello + Recorded.Last));

        sent.ShouldBe(Hello + Recorded.Last);
        (result.Ending, result.FinishReason, result.Usage).ShouldBe((RelayEnding.Completed, "stop", TokenUsage.None));
    }

    [Fact]
    public async Task Relay_DoneWithoutTheBlankLineAfterIt_IsCompleteAndSent()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(Hello + "data: [DONE]"));

        sent.ShouldBe(Hello + "data: [DONE]");
        result.Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Relay_HiddenUsageIsTheUnfinishedEnd_IsReadAndNotSent()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(Hello + Recorded.Last + Recorded.UsageEvent.TrimEnd()), hideUsage: true);

        sent.ShouldBe(Hello + Recorded.Last);
        result.Usage.Total.ShouldBe(16);
    }

    [Fact]
    public async Task Relay_ByteOrderMarkAtTheStart_IsSentAndReadOver()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of("\uFEFF" + Hello + Recorded.Last));

        sent.ShouldBe("\uFEFF" + Hello + Recorded.Last);
        result.CompletionBytes.ShouldBe(5);
    }

    [Fact]
    public async Task Relay_UpstreamEndsTooEarly_TellsTheCallerInALastChunkWithoutDone()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(Hello + "data: {\"choi"));

        BreaksWith(result, sent, RelayEnding.UpstreamBroke, "upstream_error");
    }

    [Fact]
    public async Task Relay_UpstreamDrops_TellsTheCallerInALastChunkWithoutDone()
    {
        var upstream = new PortionedStream([Recorded.Bytes(Hello, "\n")], new IOException("reset"));

        var (result, sent) = await Relaying.StreamAsync(upstream);

        BreaksWith(result, sent, RelayEnding.UpstreamBroke, "upstream_error");
        result.CompletionBytes.ShouldBe(5);
    }

    [Fact]
    public async Task Relay_UpstreamDropsInsideAnEventThatPassesThrough_EndsThatEventFirst()
    {
        var huge = $"data: {new string('x', 9000)}";
        var upstream = new PortionedStream([Recorded.Bytes(Hello + huge, "\n")], new IOException("reset"));

        var (result, sent) = await Relaying.StreamAsync(upstream, options: new() { LongestEvent = 4096 });

        sent.ShouldStartWith(Hello + huge + "\n\ndata: {");
        result.Ending.ShouldBe(RelayEnding.UpstreamBroke);
    }

    [Fact]
    public async Task Relay_UpstreamDropsBeforeTheFirstEvent_LeavesTheAnswerToTheDoor()
    {
        var (result, sent) = await Relaying.StreamAsync(new PortionedStream([], new IOException("reset")));

        sent.ShouldBeEmpty();
        (result.Ending, result.AnyByteWritten, result.FirstByteAfter).ShouldBe((RelayEnding.UpstreamBroke, false, null));
    }

    [Fact]
    public async Task Relay_EmptyStream_IsBroken()
    {
        var (result, _) = await Relaying.StreamAsync(PortionedStream.Of(""));

        (result.Ending, result.AnyByteWritten).ShouldBe((RelayEnding.UpstreamBroke, false));
    }

    [Fact]
    public async Task Relay_UpstreamDropsAfterTheFinishReason_IsComplete()
    {
        var (result, sent) = await Relaying.StreamAsync(new PortionedStream([Recorded.Bytes(Hello + Recorded.Last, "\n")], new IOException("reset")));

        sent.ShouldBe(Hello + Recorded.Last);
        result.Ending.ShouldBe(RelayEnding.Completed);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n", true)]
    [InlineData("event: error\ndata: {\"message\":\"overloaded\"}\n\n", true)]
    [InlineData("data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}],\"error\":\"overloaded\"}\n\n", false)]
    public async Task Relay_UpstreamReportsAnErrorInMidStream_PassesItOnInTheFormThatAllNoticeAndBreaks(string error, bool ours)
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(Hello + error + "data: [DONE]\n\n"));

        sent.ShouldStartWith(Hello + error);
        sent[(Hello + error).Length..].Contains("\"finish_reason\":\"error\"", StringComparison.Ordinal).ShouldBe(ours);
        sent.ShouldNotContain("[DONE]");
        (result.Ending, result.UpstreamReportedError).ShouldBe((RelayEnding.UpstreamBroke, true));
    }

    [Fact]
    public async Task Relay_UpstreamBeginsWithAnError_LeavesTheAnswerToTheDoor()
    {
        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(": hi\n\ndata: {\"error\":{\"message\":\"overloaded\"}}\n\n"));

        sent.ShouldBeEmpty();
        (result.Ending, result.UpstreamReportedError, result.AnyByteWritten).ShouldBe((RelayEnding.UpstreamBroke, true, false));
    }

    [Fact]
    public async Task Relay_ErrorIsNull_IsNoError()
    {
        var (result, _) = await Relaying.StreamAsync(PortionedStream.Of("data: {\"error\":null}\n\n" + Recorded.Last));

        (result.Ending, result.UpstreamReportedError).ShouldBe((RelayEnding.Completed, false));
    }

    [Fact]
    public async Task Relay_ChoicesAndUsageTogether_AreNotHidden()
    {
        var both = Recorded.Last.Replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":1}", StringComparison.Ordinal);

        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(both), hideUsage: true);

        sent.ShouldBe(both);
        result.Usage.ShouldBe(new TokenUsage(1, null, null));
    }

    [Fact]
    public async Task Relay_EmptyChoicesWithoutUsage_AreNotHidden()
    {
        const string Filters = "data: {\"choices\":[],\"prompt_filter_results\":[],\"usage\":null}\n\n";

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(Filters + Recorded.Last), hideUsage: true);

        sent.ShouldBe(Filters + Recorded.Last);
    }

    [Fact]
    public async Task Relay_UsageInEveryChunk_KeepsTheLastCountsFieldByField()
    {
        var (result, _) = await Relaying.StreamAsync(PortionedStream.Of(
            "data: {\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\n"
            + "data: {\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":2,\"total_tokens\":null}}\n\n" + Recorded.Last));

        result.Usage.ShouldBe(new TokenUsage(9, 2, null));
    }

    private static void BreaksWith(RelayResult result, string sent, RelayEnding ending, string code)
    {
        (result.Ending, result.AnyByteWritten, result.UpstreamReportedError).ShouldBe((ending, true, false));
        sent.ShouldStartWith(Hello + "data: {");
        sent.ShouldEndWith("}\n\n");
        sent.ShouldNotContain("[DONE]");
        var last = JsonNode.Parse(sent[(Hello.Length + 6)..])!;
        var message = (string)last["error"]!["message"]!;
        message.ShouldNotBeEmpty();
        JsonNode.DeepEquals(last, JsonNode.Parse(
            $$$"""
            {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1780000000,"model":"echo-1",
             "choices":[{"index":0,"delta":{},"finish_reason":"error"}],
             "error":{"code":"{{{code}}}","message":"{{{message}}}","type":"upstream_error"}}
            """)).ShouldBeTrue(last.ToJsonString());
    }
}
