using System.Buffers;
using System.Text;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>Our name in the place of the upstream's, in whatever portions an answer comes; all else byte for byte.</summary>
public sealed class ModelRenameTests
{
    [Theory]
    [InlineData("""{"id":"x","model":"theirs","choices":[{"message":{"content":"\"model\":\"a\" {"}}]}""", """{"id":"x","model":"ours/m:v2","choices":[{"message":{"content":"\"model\":\"a\" {"}}]}""", "theirs")]
    [InlineData(" {\n \"model\" :\t\"the\\\"i\\/rs\\u0041\" }\n", " {\n \"model\" :\t\"ours/m:v2\" }\n", "the\"i/rsA")]
    [InlineData("""{"choices":[{"model":"inner"}],"usage":{"model":"inner"},"model":"theirs"}""", """{"choices":[{"model":"inner"}],"usage":{"model":"inner"},"model":"ours/m:v2"}""", "theirs")]
    [InlineData("""{"model":null,"x":"model","model2":"a","a":["model","b"]}""", """{"model":null,"x":"model","model2":"a","a":["model","b"]}""", null)]
    [InlineData("""{"model":{"model":"a"},"y":"z"}""", """{"model":{"model":"a"},"y":"z"}""", null)]
    [InlineData("""[{"model":"theirs"}]""", """[{"model":"theirs"}]""", null)]
    [InlineData("""{"type":"response","response":{"id":"r","model":"theirs","text":{"model":"a"}},"b":{"model":"c"}}""", """{"type":"response","response":{"id":"r","model":"ours/m:v2","text":{"model":"a"}},"b":{"model":"c"}}""", "theirs")]
    [InlineData("""{"response":["model",{"model":"a"}]}""", """{"response":["model",{"model":"a"}]}""", null)]
    [InlineData("plain text, \"model\":\"a\"", "plain text, \"model\":\"a\"", null)]
    [InlineData("", "", null)]
    public void Json_InAnyPortions_HasOurName(string answer, string expected, string? theirs) => EachWay(answer, expected, theirs, events: false);

    [Theory]
    [InlineData("data: {\"model\":\"theirs\"}\n\ndata: {\"model\":\"theirs\"}\n\ndata: [DONE]\n\n", "data: {\"model\":\"ours/m:v2\"}\n\ndata: {\"model\":\"ours/m:v2\"}\n\ndata: [DONE]\n\n")]
    [InlineData("\uFEFFevent: a\r\ndata:{\"a\":1,\r\ndata:\"model\":\"theirs\"}\r\n\r\n: \"model\":\"c\"\r\n\r\n", "\uFEFFevent: a\r\ndata:{\"a\":1,\r\ndata:\"model\":\"ours/m:v2\"}\r\n\r\n: \"model\":\"c\"\r\n\r\n")]
    [InlineData("data: {\"broken\":\"\n\ndata: {\"model\":\"theirs\"}\r\rdata: {\"model\":\"theirs\"}\n\n", "data: {\"broken\":\"\n\ndata: {\"model\":\"ours/m:v2\"}\r\rdata: {\"model\":\"ours/m:v2\"}\n\n")]
    [InlineData("data: {\"model\":\"cut\n\ndata: {\"model\":\"theirs\"}\n\n", "data: {\"model\":\"ours/m:v2\"\n\ndata: {\"model\":\"ours/m:v2\"}\n\n")]
    [InlineData("event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"theirs\"}}\n\n", "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"ours/m:v2\"}}\n\n")]
    public void Stream_InAnyPortions_HasOurNameInEveryEvent(string stream, string expected) => EachWay(stream, expected, "theirs", events: true);

    [Fact]
    public async Task Stream_IsReadAsItComes()
    {
        var upstream = new PortionedStream(["data: {\"mod"u8.ToArray(), "el\":\"the"u8.ToArray(), "irs"u8.ToArray(), "\",\"x\":1}\n"u8.ToArray(), "\n"u8.ToArray()]);
        await using var renamed = new RenamedStream(upstream, new ModelRename("ours", events: true));
        var seen = new List<string>();
        var buffer = new byte[64];

        while (await renamed.ReadAsync(buffer) is > 0 and var length)
        {
            seen.Add(Encoding.UTF8.GetString(buffer, 0, length));
        }

        seen.ShouldBe(["data: {\"mod", "el\":\"ours\"", ",\"x\":1}\n", "\n"]);
    }

    private static void EachWay(string answer, string expected, string? theirs, bool events)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var portion = 1; portion <= Math.Max(1, bytes.Length); portion++)
        {
            var (rename, passed) = (new ModelRename("ours/m:v2", events), new ArrayBufferWriter<byte>());
            for (var at = 0; at < bytes.Length; at += portion)
            {
                rename.Pass(bytes.AsSpan(at, Math.Min(portion, bytes.Length - at)), passed);
            }

            Encoding.UTF8.GetString(passed.WrittenSpan).ShouldBe(expected, $"in portions of {portion}");
            rename.Theirs.ShouldBe(theirs);
        }
    }
}
