using System.Text;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class JsonRelayTests
{
    private const string Answer =
        """
        {
          "usage": {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16, "prompt_tokens_details": {"cached_tokens": 3}},
          "id": "chatcmpl-7", "object": "chat.completion", "created": 1780000000, "model": "echo-1", "system_fingerprint": "fp",
          "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Žlu\u0165 \ud83d\ude00", "refusal": null,
              "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}]},
             "logprobs": {"content": [{"token": "Ž", "bytes": [197, 189]}]}, "finish_reason": "length"}
          ]
        }

        """;

    private const int AnswerTextBytes = 11 + 7 + Recorded.CallBytes;

    [Fact]
    public async Task Relay_CutAtEveryByte_SendsTheSameBytesAndReadsTheSameFacts()
    {
        var bytes = Encoding.UTF8.GetBytes(Answer);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await RelaysWhole([bytes[..cut], bytes[cut..]], $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Relay_ByteByByte_SendsTheSameBytesAndReadsTheSameFacts() =>
        await RelaysWhole(Encoding.UTF8.GetBytes(Answer).Chunk(1), "byte by byte");

    [Fact]
    public void Relay_AnyPortions_SendsTheSameBytesAndReadsTheSameFacts() =>
        Prop.ForAll(Gen.Choose(1, 200).ToArbitrary(), size =>
            RelaysWhole(Encoding.UTF8.GetBytes(Answer).Chunk(size), $"by {size}").GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Relay_BeforeEachRead_HasSentAllThatCame()
    {
        var caller = new RecordingCaller();
        var upstream = new PortionedStream(
            Encoding.UTF8.GetBytes(Answer).Chunk(7), beforeRead: delivered => caller.Sent.Length.ShouldBe(delivered));

        await new JsonRelay(Microsoft.Extensions.Options.Options.Create(new RelayOptions()), TimeProvider.System)
            .RelayAsync(upstream, caller, CancellationToken.None);

        caller.Text.ShouldBe(Answer);
    }

    [Fact]
    public async Task Relay_LongContentInManyPortions_IsMeasured()
    {
        var content = string.Concat(Enumerable.Repeat("ab\\n\\u00e9 ", 400_000));
        var json = $$$"""{"choices":[{"message":{"content":"{{{content}}}"},"finish_reason":"stop"}],"usage":{"completion_tokens":3}}""";

        var (result, sent) = await Relaying.JsonAsync(new PortionedStream(Encoding.UTF8.GetBytes(json).Chunk(4000)));

        sent.ShouldBe(json);
        (result.CompletionBytes, result.Usage.Completion).ShouldBe((6 * 400_000, 3));
    }

    [Fact]
    public async Task Relay_TextInManyPortions_IsReadWithAllThatFollows()
    {
        var json = $$$"""{"id":"x","choices":[{"message":{"content":"{{{new string('x', 100_000)}}}"}}],"usage":{"completion_tokens":3}}""";

        var (result, sent) = await Relaying.JsonAsync(
            new PortionedStream(Encoding.UTF8.GetBytes(json).Chunk(1000)));

        sent.ShouldBe(json);
        (result.Ending, result.UpstreamId, result.CompletionBytes, result.Usage)
            .ShouldBe((RelayEnding.Completed, "x", 100_000, new TokenUsage(null, 3, null)));
    }

    [Theory]
    [InlineData("Bad gateway")]
    [InlineData("<html></html>")]
    [InlineData("12")]
    [InlineData("{'id':1}")]
    [InlineData("{\"id\":\"x\"} trailing")]
    public async Task Relay_NotJson_PassesThroughWithoutUsage(string body)
    {
        var (result, sent) = await Relaying.JsonAsync(PortionedStream.Of(body));

        sent.ShouldBe(body);
        (result.Ending, result.Usage, result.AnyByteWritten).ShouldBe((RelayEnding.Completed, TokenUsage.None, true));
    }

    [Fact]
    public async Task Relay_ErrorInTheBody_IsReported()
    {
        var (result, sent) = await Relaying.JsonAsync(PortionedStream.Of("""{"error":{"message":"no"}}"""));

        sent.ShouldBe("""{"error":{"message":"no"}}""");
        (result.Ending, result.UpstreamReportedError).ShouldBe((RelayEnding.Completed, true));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("""{"id":"x","choices":[""", true)]
    public async Task Relay_BodyEndsTooEarly_IsBroken(string body, bool anyByteWritten)
    {
        var (result, sent) = await Relaying.JsonAsync(PortionedStream.Of(body));

        sent.ShouldBe(body);
        (result.Ending, result.AnyByteWritten).ShouldBe((RelayEnding.UpstreamBroke, anyByteWritten));
    }

    [Fact]
    public async Task Relay_UpstreamDrops_IsBroken()
    {
        var (result, _) = await Relaying.JsonAsync(new PortionedStream([Encoding.UTF8.GetBytes(Answer[..40])], new IOException("reset")));

        result.Ending.ShouldBe(RelayEnding.UpstreamBroke);
    }

    [Fact]
    public async Task Relay_UpstreamSilentTooLong_TimesOut()
    {
        using var relaying = new Relaying();
        var relay = relaying.Json();
        await relaying.Time.ArmedAsync(relaying.Options.UpstreamSilence);

        relaying.Time.Advance(relaying.Options.UpstreamSilence);

        var result = await relay;
        (result.Ending, result.AnyByteWritten).ShouldBe((RelayEnding.UpstreamTimedOut, false));
        relaying.Upstream.Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task Relay_CallerLeaves_CancelsTheUpstreamAtOnce()
    {
        using var relaying = new Relaying();
        var relay = relaying.Json();
        relaying.Upstream.Send("""{"choices":[{"message":{"content":"hello" """);
        await relaying.Caller.NextAsync();

        await relaying.CallerLeavesAsync();

        var result = await relay;
        (result.Ending, result.CompletionBytes).ShouldBe((RelayEnding.CallerGone, 5));
        relaying.Upstream.ReadCancelled.ShouldBeTrue();
        relaying.Upstream.Closed.ShouldBeTrue();
    }

    private static async Task RelaysWhole(IEnumerable<byte[]> portions, string how)
    {
        var (result, sent) = await Relaying.JsonAsync(new PortionedStream(portions));

        sent.ShouldBe(Answer, how);
        result.ShouldBe(new RelayResult
        {
            Ending = RelayEnding.Completed,
            Usage = Recorded.Usage,
            FinishReason = "length",
            CompletionBytes = AnswerTextBytes,
            UpstreamModel = "echo-1",
            UpstreamId = "chatcmpl-7",
            FirstByteAfter = TimeSpan.Zero,
            AnyByteWritten = true,
            AnyAnswerWritten = true,
            HasContent = true,
            UpstreamReportedError = false,
        }, how);
    }
}
