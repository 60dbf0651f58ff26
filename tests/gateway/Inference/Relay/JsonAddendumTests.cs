using System.Text;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class JsonAddendumTests
{
    private const string Answer =
        """
         { "id": "x", "choices": [{"message": {"content": "a}\"\u00e9]"}, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 11, "completion_tokens": 5, "details": {}} }

        """;

    private static readonly string Added = Answer.Replace("{}} }", "{}} ,\"freeway\":" + AskedAddendum.Json + "}", StringComparison.Ordinal);

    [Fact]
    public async Task Relay_CutAtEveryByte_AddsItOnceAndChangesNothingElse()
    {
        var bytes = Encoding.UTF8.GetBytes(Answer);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await AddsOnce([bytes[..cut], bytes[cut..]], $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Relay_InPortions_AddsItOnceAndChangesNothingElse(int portion) =>
        await AddsOnce(Encoding.UTF8.GetBytes(Answer).Chunk(portion), $"by {portion}");

    [Fact]
    public async Task Relay_LongTextInManyPortions_AddsItBehindTheText()
    {
        var json = """{"choices":[{"message":{"content":"@"}}],"usage":{"completion_tokens":3}}""".Replace("@", string.Concat(Enumerable.Repeat("}]\\n", 300_000)), StringComparison.Ordinal);
        var addendum = new AskedAddendum("""{"a":1}""");

        var (result, sent) = await Relaying.JsonAsync(new PortionedStream(Encoding.UTF8.GetBytes(json).Chunk(4000)), addendum: addendum.AnswerAsync);

        sent.ShouldBe(json[..^1] + ""","freeway":{"a":1}}""");
        addendum.Asked.ShouldHaveSingleItem().CompletionBytes.ShouldBe(3 * 300_000);
        result.Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Relay_BeforeEachRead_HoldsBackNoMoreThanTheTokenThatIsNotWhole()
    {
        var json = """{"data":[{"b64_json":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},{"b64_json":"BB"}],"usage":{"input_tokens":5}}""";
        var caller = new RecordingCaller();
        var most = 0;
        var upstream = new PortionedStream(
            Encoding.UTF8.GetBytes(json).Chunk(3), beforeRead: delivered => most = Math.Max(most, delivered - caller.Sent.Length));

        await new JsonRelay(Microsoft.Extensions.Options.Options.Create(new RelayOptions()), new ManualTime())
            .RelayAsync(upstream, caller, keep: false, withholdError: false, new AskedAddendum("{}").AnswerAsync, CancellationToken.None);

        caller.Text.ShouldBe(json[..^1] + ""","freeway":{}}""");
        most.ShouldBeLessThanOrEqualTo(42);
    }

    [Theory]
    [InlineData("{}", """{"freeway":{"a":1}}""")]
    [InlineData(" { } ", """ { "freeway":{"a":1}} """)]
    [InlineData("""{"a":{}}x""", """{"a":{},"freeway":{"a":1}}x""")]
    public async Task Relay_AnyObject_GetsIt(string body, string expected)
    {
        var (_, sent) = await Relaying.JsonAsync(PortionedStream.Of(body), addendum: new AskedAddendum("""{"a":1}""").AnswerAsync);

        sent.ShouldBe(expected);
    }

    [Theory]
    [InlineData("[]", RelayEnding.Completed)]
    [InlineData("[{}]", RelayEnding.Completed)]
    [InlineData("Bad gateway", RelayEnding.Completed)]
    [InlineData("""{"a":x}""", RelayEnding.Completed)]
    [InlineData("""{"error":{"message":"no"}}""", RelayEnding.Completed)]
    [InlineData("""{"a":{}""", RelayEnding.UpstreamBroke)]
    [InlineData("", RelayEnding.UpstreamBroke)]
    public async Task Relay_NoAnswerInAnObject_IsNotAskedAndChangesNothing(string body, RelayEnding ending)
    {
        var addendum = new AskedAddendum();

        var (result, sent) = await Relaying.JsonAsync(PortionedStream.Of(body), addendum: addendum.AnswerAsync);

        (result.Ending, sent).ShouldBe((ending, body));
        addendum.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Relay_TextInManyPortions_AddsItBehind()
    {
        var addendum = new AskedAddendum("{}");
        var json = $$"""{"a":"{{new string('x', 100_000)}}"}""";

        var (result, sent) = await Relaying.JsonAsync(
            new PortionedStream(Encoding.UTF8.GetBytes(json).Chunk(1000)), addendum: addendum.AnswerAsync);

        (result.Ending, sent).ShouldBe((RelayEnding.Completed, json[..^1] + ""","freeway":{}}"""));
        addendum.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Relay_NothingToAdd_ChangesNothing()
    {
        var addendum = new AskedAddendum("");

        (await Relaying.JsonAsync(PortionedStream.Of(Answer), addendum: addendum.AnswerAsync)).Sent.ShouldBe(Answer);

        addendum.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(JsonRelay.MostKept)]
    public async Task Relay_ToBeKept_KeepsWhatTheCallerGot(int length)
    {
        var json = $$"""{"a":"{{new string('x', length - 8 - 13)}}"}""";

        var (result, sent) = await Relaying.JsonAsync(
            new PortionedStream(Encoding.UTF8.GetBytes(json).Chunk(999)), keep: true, addendum: new AskedAddendum("{}").AnswerAsync);

        sent.Length.ShouldBe(length);
        Encoding.UTF8.GetString(result.Kept!.Value.Span).ShouldBe(sent);
    }

    [Theory]
    [InlineData(true, JsonRelay.MostKept - 7, false)] // too long by one
    [InlineData(true, JsonRelay.MostKept * 2, false)]
    [InlineData(false, 10, false)] // not wanted
    [InlineData(true, 10, true)] // not whole
    public async Task Relay_NotToBeKeptOrNotToBeHad_KeepsNothing(bool keep, int text, bool cut)
    {
        var json = $$"""{"a":"{{new string('x', text)}}"}""";

        var (result, _) = await Relaying.JsonAsync(PortionedStream.Of(cut ? json[..^1] : json), keep: keep);

        result.Kept.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"created":1,"data":[{"b64_json":"AA","more":[{"a":{}}]},{"url":"b"}],"usage":{"input_tokens":5,"output_tokens":7}}""", 2)]
    [InlineData("""{"data":[]}""", 0)]
    [InlineData("""{"data":{"a":[{}]}}""", 0)]
    [InlineData("""{"choices":[{"data":[{}]}]}""", 0)]
    public async Task Relay_AnswerOfImages_CountsThem(string body, int images)
    {
        var (result, _) = await Relaying.JsonAsync(new PortionedStream(Encoding.UTF8.GetBytes(body).Chunk(5)));

        result.Items.ShouldBe(images);
    }

    private static async Task AddsOnce(IEnumerable<byte[]> portions, string how)
    {
        var addendum = new AskedAddendum();

        var (result, sent) = await Relaying.JsonAsync(new PortionedStream(portions), keep: true, addendum: addendum.AnswerAsync);

        sent.ShouldBe(Added, how);
        result.Ending.ShouldBe(RelayEnding.Completed, how);
        Encoding.UTF8.GetString(result.Kept!.Value.Span).ShouldBe(Added, how);
        addendum.Asked.ShouldHaveSingleItem(how).ShouldBe(result with { Kept = null, AnyByteWritten = addendum.Asked[0].AnyByteWritten }, how);
        addendum.Asked[0].Usage.ShouldBe(new TokenUsage(11, 5, null), how);
    }
}
