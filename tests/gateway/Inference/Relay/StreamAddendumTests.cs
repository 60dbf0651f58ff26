using System.Text.Json.Nodes;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class StreamAddendumTests
{
    private const string Done = "data: [DONE]\n\n";

    private const string Own =
        """
        data: {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1780000000,"model":"echo-1","choices":[],"freeway":{"tier":"free","note":"}\n"}}


        """;

    private static readonly string WithUsage = Recorded.Whole;
    private static readonly string WithoutUsage = Recorded.WithoutUsage;
    private static readonly string WithoutUsageAndDone = WithoutUsage.Replace(Done, "", StringComparison.Ordinal);
    private static readonly string Carrier = Recorded.UsageEvent.Replace("}}}\n\n", "}},\"freeway\":" + AskedAddendum.Json + "}\n\n", StringComparison.Ordinal);

    public static TheoryData<string, string, bool> Streams => new()
    {
        { "\n", "usage", true }, { "\r\n", "usage", true }, { "\r", "usage", true }, { "\n", "usage", false },
        { "\n", "no usage", true }, { "\r\n", "no usage", false }, { "\r", "no usage", false },
        { "\n", "no end", true }, { "\r\n", "no end", false }, { "\r", "no end", false },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Relay_CutAtEveryByte_AddsItOnceAndChangesNothingElse(string lineEnd, string stream, bool hideUsage)
    {
        var (text, sent) = Of(stream, lineEnd);
        var bytes = Recorded.Bytes(text, lineEnd);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await AddsOnce([bytes[..cut], bytes[cut..]], sent, hideUsage, stream is "usage", $"cut at {cut}");
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Relay_ByteByByte_AddsItOnceAndChangesNothingElse(string lineEnd, string stream, bool hideUsage)
    {
        var (text, sent) = Of(stream, lineEnd);

        await AddsOnce(Recorded.Bytes(text, lineEnd).Chunk(1), sent, hideUsage, stream is "usage", "byte by byte");
    }

    [Fact]
    public async Task Relay_ByteOrderMark_AddsItInTheRightPlace()
    {
        var usage = """data: {"choices":[{"delta":{},"finish_reason":"stop"}]}""" + "\n\n" + Recorded.UsageEvent;
        var first = "\uFEFF" + """data: {"type":"image_generation.completed","usage":{"input_tokens":3}}""" + "\n\n";

        (await Relaying.StreamAsync(PortionedStream.Of("\uFEFF" + usage), addendum: new AskedAddendum("{}").AnswerAsync)).Sent
            .ShouldBe("\uFEFF" + usage.Replace("}}}\n\n", "}},\"freeway\":{}}\n\n", StringComparison.Ordinal));
        (await Relaying.StreamAsync(PortionedStream.Of(first), addendum: new AskedAddendum("{}").AnswerAsync)).Sent
            .ShouldBe(first.Replace("}}\n\n", "},\"freeway\":{}}\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Relay_UsageChunkWithMoreLines_AddsItToItsJson()
    {
        var stream = Recorded.Last + ": }\nid: }9\n" + Recorded.UsageEvent.TrimEnd() + "  \nretry: 1}\n\n" + Done;

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(stream), addendum: new AskedAddendum("{}").AnswerAsync);

        sent.ShouldBe(Recorded.Last + ": }\nid: }9\n" + Recorded.UsageEvent.TrimEnd()[..^1] + ",\"freeway\":{}}  \nretry: 1}\n\n" + Done);
    }

    [Theory]
    [InlineData("data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":3}}\n\n")] // in two lines
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}} x\n\n")] // not quite JSON
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{}}],\"usage\":{\"prompt_tokens\":3}}\n\n")] // with a choice
    public async Task Relay_UsageThatIsNoPlainChunkOfItsOwn_AddsAChunkOfOurs(string usage)
    {
        var addendum = new AskedAddendum();

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(Recorded.Last + usage + Done), hideUsage: true, addendum: addendum.AnswerAsync);

        sent.ShouldBe(Recorded.Last + usage + Own + Done);
        addendum.Asked.ShouldHaveSingleItem().Usage.Prompt.ShouldBe(3);
    }

    [Fact]
    public async Task Relay_UsageBeforeTheEndOfTheText_WaitsForTheEnd()
    {
        var addendum = new AskedAddendum();
        var early = Recorded.UsageEvent + Recorded.Chunk("""{"content":"abc"}""") + Recorded.Last;

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(early + Done), addendum: addendum.AnswerAsync);

        sent.ShouldBe(early + Own + Done);
        addendum.Asked.ShouldHaveSingleItem().CompletionBytes.ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Relay_LastEventWithoutItsBlankLine_AddsAnEventOfOurOwnAfterIt(string end)
    {
        var last = Recorded.Last.TrimEnd() + end;

        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(last), addendum: new AskedAddendum().AnswerAsync);

        sent.ShouldBe(last + "\n\n" + Own);
        result.Ending.ShouldBe(RelayEnding.Completed);
    }

    [Theory]
    [InlineData("usage")]
    [InlineData("no usage")]
    [InlineData("no end")]
    public async Task Relay_NothingToAdd_ChangesNothing(string stream)
    {
        var addendum = new AskedAddendum("");
        var (text, _) = Of(stream, "\n");

        var (_, sent) = await Relaying.StreamAsync(PortionedStream.Of(text), hideUsage: true, addendum: addendum.AnswerAsync);

        sent.ShouldBe(text);
        addendum.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Relay_UpstreamBreaksBeforeTheEnd_IsNotAsked()
    {
        var addendum = new AskedAddendum();
        var stream = Recorded.Bytes(Recorded.UsageEvent + Recorded.Chunk("""{"content":"abc"}"""), "\n");

        var (result, sent) = await Relaying.StreamAsync(new PortionedStream([stream], new IOException("reset")), addendum: addendum.AnswerAsync);

        result.Ending.ShouldBe(RelayEnding.UpstreamBroke);
        sent.ShouldNotContain("\"freeway\":");
        addendum.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Relay_UpstreamReportsAnError_IsNotAsked()
    {
        var addendum = new AskedAddendum();
        var stream = Recorded.Last + """data: {"error":{"message":"no"},"choices":[],"usage":{"prompt_tokens":1}}""" + "\n\n" + Done;

        var (result, _) = await Relaying.StreamAsync(PortionedStream.Of(stream), addendum: addendum.AnswerAsync);

        result.UpstreamReportedError.ShouldBeTrue();
        addendum.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Relay_ConnectionDropsOnceTheAnswerIsWhole_AddsItAllTheSame()
    {
        var addendum = new AskedAddendum();

        var (result, sent) = await Relaying.StreamAsync(
            new PortionedStream([Recorded.Bytes(Recorded.Last, "\n")], new IOException("reset")), addendum: addendum.AnswerAsync);

        (result.Ending, sent).ShouldBe((RelayEnding.Completed, Recorded.Last + Own));
        addendum.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Relay_ImagesInAStream_AreCountedAndTheLastEventCarriesIt()
    {
        var partial = """event: image_generation.partial_image""" + "\n" + """data: {"type":"image_generation.partial_image","b64_json":"AAAA"}""" + "\n\n";
        var whole = """event: image_generation.completed""" + "\n" + """data: {"type":"image_generation.completed","usage":{"input_tokens":3,"output_tokens":90}}""" + "\n\n";
        var addendum = new AskedAddendum("{}");

        var (result, sent) = await Relaying.StreamAsync(PortionedStream.Of(partial + whole), addendum: addendum.AnswerAsync);

        sent.ShouldBe(partial + whole.Replace("}}\n", "},\"freeway\":{}}\n", StringComparison.Ordinal));
        (result.Ending, result.Items, result.Usage).ShouldBe((RelayEnding.Completed, 1, new TokenUsage(3, 90, null)));
    }

    [Fact]
    public async Task Relay_ImageTooLongToWaitFor_IsReadAndFollowedByTheAddendum()
    {
        var whole = $$"""data: {"type":"image_generation.completed","b64_json":"{{new string('A', 20_000)}}"}""" + "\n\n";

        var (result, sent) = await Relaying.StreamAsync(
            new PortionedStream(Recorded.Bytes(whole, "\n").Chunk(3000)), options: new() { LongestEvent = 5000 }, addendum: new AskedAddendum("{}").AnswerAsync);

        (result.Ending, result.Items).ShouldBe((RelayEnding.Completed, 1));
        sent.ShouldStartWith(whole + "data: {");
        ((string)JsonNode.Parse(sent[(whole.Length + 5)..])!["freeway"]!.ToJsonString()).ShouldBe("{}");
    }

    private static (string Text, string Sent) Of(string stream, string lineEnd)
    {
        var text = stream switch { "usage" => WithUsage, "no usage" => WithoutUsage, _ => WithoutUsageAndDone };
        var sent = Lines(text);
        return (text, stream switch
        {
            "usage" => sent.Replace(Lines(Recorded.UsageEvent), Lines(Carrier), StringComparison.Ordinal),
            "no usage" => sent.Replace(Lines(Done), Own + Lines(Done), StringComparison.Ordinal),
            _ => sent + Own,
        });

        string Lines(string lines) => lines.Replace("\n", lineEnd, StringComparison.Ordinal);
    }

    private static async Task AddsOnce(IEnumerable<byte[]> portions, string expected, bool hideUsage, bool reported, string how)
    {
        var addendum = new AskedAddendum();

        var (result, sent) = await Relaying.StreamAsync(new PortionedStream(portions), hideUsage, addendum: addendum.AnswerAsync);

        sent.ShouldBe(expected, how);
        var asked = addendum.Asked.ShouldHaveSingleItem(how);
        asked.ShouldBe(result, how);
        (asked.Usage, asked.CompletionBytes).ShouldBe((reported ? Recorded.Usage : TokenUsage.None, Recorded.TextBytes), how);
    }
}
