using System.Text;
using System.Text.Json.Nodes;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class ResponsesRelayTests
{
    private static readonly string Begun = string.Concat(RecordedResponse.Events[..5]);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Relay_CutAtEveryByte_SendsTheSameBytesAndReadsTheSameFacts(string lineEnd)
    {
        var bytes = Recorded.Bytes(RecordedResponse.Whole, lineEnd);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await RelaysWhole([bytes[..cut], bytes[cut..]], lineEnd, $"cut at {cut}");
        }

        await RelaysWhole(bytes.Chunk(1), lineEnd, "byte by byte");
    }

    [Fact]
    public async Task Relay_UpstreamStaysOpenAfterTheLastEvent_IsOver()
    {
        using var relaying = new Relaying();
        var relay = relaying.Stream(shape: StreamShape.Events);
        relaying.Upstream.Send(RecordedResponse.Whole);
        await relaying.Caller.NextAsync();
        await relaying.Time.ArmedAsync(relaying.Options.UpstreamFarewell);

        relaying.Time.Advance(relaying.Options.UpstreamFarewell);

        (await relay).Ending.ShouldBe(RelayEnding.Completed);
    }

    [Theory]
    [InlineData("incomplete")]
    [InlineData("failed")]
    public async Task Relay_ResponseThatEndsOtherwise_IsWholeAndSaysHow(string status)
    {
        var last = RecordedResponse.Event($"response.{status}", 5, "\"response\":" + RecordedResponse.Response(status, "null").Replace("\"error\":null", "\"error\":{\"code\":\"server_error\"}", StringComparison.Ordinal));

        var (result, sent) = await StreamAsync(PortionedStream.Of(Begun + last));

        sent.ShouldBe(Begun + last);
        (result.Ending, result.FinishReason, result.Usage, result.UpstreamReportedError).ShouldBe((RelayEnding.Completed, status, TokenUsage.None, false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Relay_UpstreamBreaksOff_EndsInAnErrorEventThatIsNumberedOn(bool drops)
    {
        var upstream = drops
            ? new PortionedStream([Encoding.UTF8.GetBytes(Begun)], new IOException("reset"))
            : PortionedStream.Of(Begun + "event: response.output_text.delta\ndata: {\"type\"");

        var (result, sent) = await StreamAsync(upstream);

        (result.Ending, result.FinishReason, result.CompletionBytes).ShouldBe((RelayEnding.UpstreamBroke, null, 19));
        sent.ShouldStartWith(Begun + "event: error\ndata: {");
        sent.ShouldEndWith("}\n\n");
        var error = JsonNode.Parse(sent[(sent.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..])!;
        ((string?)error["type"], (string?)error["code"], (int?)error["sequence_number"]).ShouldBe(("error", "upstream_error", 5));
        error.AsObject().ContainsKey("param").ShouldBeTrue();
        ((string?)error["message"]).ShouldBe((string?)error["error"]!["message"]);
        ((string?)error["error"]!["code"]).ShouldBe("upstream_error");
    }

    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\",\"param\":null,\"sequence_number\":5}\n\n")]
    [InlineData("data: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\"}\n\n")]
    [InlineData("data: {\"error\":{\"message\":\"no\"}}\n\n")]
    public async Task Relay_UpstreamSaysAnError_PassesItOnAndBreaks(string error)
    {
        var (result, sent) = await StreamAsync(PortionedStream.Of(Begun + error));

        sent.ShouldBe(Begun + error);
        (result.Ending, result.UpstreamReportedError).ShouldBe((RelayEnding.UpstreamBroke, true));
    }

    [Fact]
    public async Task Relay_WithAnAddendum_PutsItIntoTheLastEvent()
    {
        var asked = new AskedAddendum();

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(RecordedResponse.Whole), addendum: asked.AnswerAsync, shape: StreamShape.Events);

        sent.ShouldBe(RecordedResponse.Whole[..^3] + ",\"freeway\":" + AskedAddendum.Json + "}\n\n");
        asked.Asked.ShouldHaveSingleItem().Usage.ShouldBe(RecordedResponse.Usage);
    }

    [Fact]
    public async Task Relay_Json_CutAtEveryByte_SendsTheSameBytesAndReadsTheSameFacts()
    {
        var json = RecordedResponse.Response("completed", """{"input_tokens":11,"output_tokens":5,"total_tokens":16}""");
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (result, sent) = await Relaying.JsonAsync(new PortionedStream([bytes[..cut], bytes[cut..]]));

            sent.ShouldBe(json, $"cut at {cut}");
            (result.Ending, result.Usage, result.FinishReason, result.CompletionBytes, result.UpstreamModel, result.UpstreamId, result.UpstreamReportedError)
                .ShouldBe((RelayEnding.Completed, new TokenUsage(11, 5, 16), "completed", RecordedResponse.TextBytes, "echo-1", "resp_7", false), $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Relay_SpeechInEvents_ReadsItsUsageAndNoSound()
    {
        const string Speech =
            """
            data: {"type":"speech.audio.delta","audio":"UklGRg=="}

            data: {"type":"speech.audio.done","usage":{"input_tokens":4,"output_tokens":60,"total_tokens":64}}


            """;

        var (result, sent) = await StreamAsync(PortionedStream.Of(Speech));

        sent.ShouldBe(Speech);
        (result.Ending, result.Usage, result.CompletionBytes).ShouldBe((RelayEnding.Completed, new TokenUsage(4, 60, 64), 0));
    }

    private static Task<(RelayResult Result, string Sent)> StreamAsync(UpstreamStream upstream) => Relaying.StreamAsync(upstream, shape: StreamShape.Events);

    private static async Task RelaysWhole(IEnumerable<byte[]> portions, string lineEnd, string how)
    {
        var (result, sent) = await StreamAsync(new PortionedStream(portions));

        sent.ShouldBe(RecordedResponse.Whole.Replace("\n", lineEnd, StringComparison.Ordinal), how);
        result.ShouldBe(new RelayResult
        {
            Ending = RelayEnding.Completed,
            Usage = RecordedResponse.Usage,
            FinishReason = "completed",
            CompletionBytes = RecordedResponse.TextBytes,
            UpstreamModel = "echo-1",
            UpstreamId = "resp_7",
            FirstByteAfter = TimeSpan.Zero,
            AnyByteWritten = true,
            AnyAnswerWritten = true,
            HasContent = true,
            UpstreamReportedError = false,
        }, how);
    }
}
