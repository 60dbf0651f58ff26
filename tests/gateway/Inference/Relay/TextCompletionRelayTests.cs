using System.Text.Json.Nodes;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class TextCompletionRelayTests
{
    private const string Usage =
        """
        data: {"id":"cmpl-7","object":"text_completion","created":1780000000,"model":"echo-1","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}


        """;

    private static readonly string Text = Chunk(0, "Žluťoučký", "null") + Chunk(1, "\\u0041b", "null") + Chunk(0, "", "\"stop\"") + Chunk(1, "", "\"length\"");

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\r", true)]
    public async Task Relay_CutAtEveryByte_SendsTheSameBytesAndReadsTheSameFacts(string lineEnd, bool hideUsage)
    {
        var bytes = Recorded.Bytes(Text + Usage + "data: [DONE]\n\n", lineEnd);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (result, sent) = await Relaying.StreamAsync(new PortionedStream([bytes[..cut], bytes[cut..]]), hideUsage, shape: StreamShape.TextChunks);

            sent.ShouldBe((Text + (hideUsage ? "" : Usage) + "data: [DONE]\n\n").Replace("\n", lineEnd, StringComparison.Ordinal), $"cut at {cut}");
            (result.Ending, result.Usage, result.FinishReason, result.CompletionBytes).ShouldBe((RelayEnding.Completed, new TokenUsage(11, 5, 16), "length", 15), $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Relay_UpstreamBreaksOff_EndsInATextChunkWithTheError()
    {
        var begun = Chunk(0, "a", "null");

        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(begun), shape: StreamShape.TextChunks);

        result.Ending.ShouldBe(RelayEnding.UpstreamBroke);
        var last = JsonNode.Parse(sent[(begun.Length + 6)..])!;
        ((string?)last["object"], (string?)last["choices"]![0]!["text"], (string?)last["choices"]![0]!["finish_reason"], (string?)last["error"]!["code"])
            .ShouldBe(("text_completion", "", "error", "upstream_error"));
    }

    [Fact]
    public async Task Relay_WithAnAddendumAndNoUsage_AddsATextChunk()
    {
        var (_, sent) = await Relaying.StreamAsync(
            PortionedStream.Of(Text + "data: [DONE]\n\n"), addendum: new AskedAddendum("{}").AnswerAsync, shape: StreamShape.TextChunks);

        sent.ShouldBe(Text + """data: {"id":"cmpl-7","object":"text_completion","created":1780000000,"model":"echo-1","choices":[],"freeway":{}}""" + "\n\ndata: [DONE]\n\n");
    }

    private static string Chunk(int index, string text, string finish) =>
        $$"""
        data: {"id":"cmpl-7","object":"text_completion","created":1780000000,"model":"echo-1","choices":[{"text":"{{text}}","index":{{index}},"logprobs":null,"finish_reason":{{finish}}}],"usage":null}


        """;
}
