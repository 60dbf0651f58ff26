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
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (json.Read())
            {
                usage.Take(ref json, json.CurrentDepth);
            }
        }

        return usage;
    }
}
