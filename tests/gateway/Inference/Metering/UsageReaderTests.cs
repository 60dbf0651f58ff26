using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Metering;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}""", 1L, 2L, 3L)]
    [InlineData("""{"input_tokens":1,"output_tokens":2}""", 1L, 2L, null)]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":2}""", null, 2L, null)]
    [InlineData("""{"prompt_tokens":-1,"completion_tokens":-0.5}""", null, null, null)]
    [InlineData("""{"prompt_tokens":1000000001,"completion_tokens":1e300,"total_tokens":99999999999999999999}""", null, null, null)]
    [InlineData("""{"prompt_tokens":1.0,"completion_tokens":2.5,"total_tokens":4e1}""", 1L, 3L, 40L)]
    [InlineData("""{"prompt_tokens":"1","completion_tokens":true,"total_tokens":[]}""", null, null, null)]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", 0L, 0L, 0L)]
    [InlineData("""{"prompt_tokens":7,"input_tokens":0}""", 7L, null, null)]
    [InlineData("""{"prompt_t\u006fkens":7,"other":1}""", 7L, null, null)]
    [InlineData("{}", null, null, null)]
    public void Usage_AsReported_IsReadFieldByField(string json, long? prompt, long? completion, long? total) =>
        Read(json).ShouldBe(new TokenUsage(prompt, completion, total));

    [Fact]
    public void Usage_ReportedTwice_KeepsTheLaterCountButNeverAZeroForOne() =>
        Read("""{"prompt_tokens":7,"completion_tokens":1}""", """{"prompt_tokens":0,"completion_tokens":9,"total_tokens":0}""")
            .ShouldBe(new TokenUsage(7, 9, 0));

    [Theory]
    [InlineData("""{"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":4}}""", 3L, 4L)]
    [InlineData("""{"input_tokens_details":{"cached_tokens":3},"output_tokens_details":{"reasoning_tokens":4}}""", 3L, 4L)]
    [InlineData("""{"prompt_cache_hit_tokens":3,"reasoning_tokens":4}""", 3L, 4L)]
    [InlineData("""{"cached_tokens":3}""", 3L, null)]
    [InlineData("""{"prompt_tokens_details":{"reasoning_tokens":3,"a":{"cached_tokens":3}},"other":{"cached_tokens":3}}""", null, null)]
    [InlineData("""{"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}""", null, null)]
    public void Details_AsReported_AreRead(string json, long? cached, long? reasoning) =>
        (Read(json).Cached, Read(json).Reasoning).ShouldBe((cached, reasoning));

    /// <summary>In the spelling of messages the cache's share stands beside the input, in that of responses within it.</summary>
    [Theory]
    [InlineData("""{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":2}""", 10L, 3L)]
    [InlineData("""{"cache_read_input_tokens":3}""", 3L, 3L)]
    [InlineData("""{"cache_creation_input_tokens":2}""", 2L, null)]
    [InlineData("""{"input_tokens":5,"cache_creation_input_tokens":2}""", 7L, null)]
    [InlineData("""{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}""", 0L, 0L)]
    [InlineData("""{"prompt_tokens":8,"input_tokens":5,"cache_read_input_tokens":3}""", 8L, 3L)]
    [InlineData("""{"prompt_tokens":0,"input_tokens":5,"cache_read_input_tokens":3}""", 8L, 3L)]
    public void Cache_BesideTheInput_IsPartOfThePrompt(string json, long? prompt, long? cached) =>
        (Read(json).Prompt, Read(json).Cached).ShouldBe((prompt, cached));

    /// <summary>A stream of messages reports its input first, and at the end once more, whole or in part.</summary>
    [Theory]
    [InlineData("""{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":2}""", """{"output_tokens":9}""", 10L, 3L)]
    [InlineData("""{"input_tokens":5,"cache_read_input_tokens":3}""", """{"input_tokens":6}""", 9L, 3L)]
    [InlineData("""{"input_tokens":5,"cache_read_input_tokens":3}""", """{"cache_read_input_tokens":4,"cache_creation_input_tokens":1}""", 10L, 4L)]
    [InlineData("""{"input_tokens":5}""", """{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}""", 5L, 0L)]
    [InlineData("""{"input_tokens":5,"cache_read_input_tokens":3}""", """{"input_tokens":0,"cache_read_input_tokens":0}""", 8L, 3L)]
    [InlineData("""{"input_tokens":0}""", """{"input_tokens":0,"cache_creation_input_tokens":4}""", 4L, null)]
    [InlineData("""{"cache_creation_input_tokens":4}""", """{"input_tokens":2}""", 6L, null)]
    public void Input_ReportedTwice_IsJoinedMemberByMember(string first, string last, long? prompt, long? cached) =>
        (Read(first, last).Prompt, Read(first, last).Cached).ShouldBe((prompt, cached));

    [Fact]
    public void Completion_OfAReportThatComesBeforeTheOutput_IsNoCount()
    {
        var usage = new UsageReader();
        usage.Begin(isPreliminary: true);
        Take(ref usage, """{"input_tokens":5,"output_tokens":1}""");

        usage.Usage.ShouldBe(new TokenUsage(5, null, null));
        usage.Begin(isPreliminary: false);
        Take(ref usage, """{"output_tokens":4}""");
        usage.Usage.ShouldBe(new TokenUsage(5, 4, null));
    }

    [Fact]
    public void Report_OfAnotherReader_GoesOverWhatIsKnown()
    {
        var known = Reader("""{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cached_tokens":1,"reasoning_tokens":1,"seconds":1}""");

        known.Take(Reader("""{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"cached_tokens":4,"reasoning_tokens":5,"seconds":6}"""));
        known.Take(Reader("""{"prompt_tokens":0}"""));

        known.Usage.ShouldBe(new TokenUsage(10, 20, 30) { Cached = 4, Reasoning = 5 });
        known.Seconds.ShouldBe(6);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1000000000", 1_000_000_000L)]
    [InlineData("1000000001", null)]
    [InlineData("0.0", 0L)]
    [InlineData("1000000000.0", 1_000_000_000L)]
    [InlineData("1000000000.5", null)]
    public void Count_AtTheBounds_IsBelievedUpToTheMost(string number, long? count) =>
        Read($$"""{"total_tokens":{{number}}}""").Total.ShouldBe(count);

    [Theory]
    [InlineData("""{"type":"duration","seconds":7}""", 7L)]
    [InlineData("""{"type":"duration","seconds":6.2}""", 7L)]
    [InlineData("""{"seconds":0}""", null)]
    [InlineData("""{"seconds":-1}""", null)]
    [InlineData("""{"input_tokens":1}""", null)]
    public void Seconds_AsReported_AreRoundedUp(string json, long? seconds) => Reader(json).Seconds.ShouldBe(seconds);

    private static TokenUsage Read(params string[] objects) => Reader(objects).Usage;

    private static UsageReader Reader(params string[] objects)
    {
        var usage = new UsageReader();
        foreach (var text in objects)
        {
            usage.Begin(isPreliminary: false);
            Take(ref usage, text);
        }

        return usage;
    }

    private static void Take(ref UsageReader usage, string text)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        while (json.Read())
        {
            usage.Take(ref json, json.CurrentDepth);
        }
    }
}
