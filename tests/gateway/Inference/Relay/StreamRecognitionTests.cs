using System.Text;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class StreamRecognitionTests
{
    private const string Events = "text/event-stream";

    [Theory]
    [InlineData("data: {}\n\n", true)]
    [InlineData("data:{}", true)]
    [InlineData("event: message\ndata: {}\n\n", true)]
    [InlineData(": wait\n\n", true)]
    [InlineData("\r\n\ndata: {}", true)]
    [InlineData("\uFEFFdata: {}", true)]
    [InlineData("{\"data\":1}", false)]
    [InlineData("dat", false)]
    [InlineData("events are nice", false)]
    [InlineData("", false)]
    [InlineData("\n\n", false)]
    public async Task Body_OfAnyOrNoType_IsAStreamWhereItBeginsLikeOne(string body, bool isStream)
    {
        foreach (var type in new[] { "text/plain", null })
        {
            for (var cut = 0; cut <= body.Length; cut++)
            {
                var reply = Reply(type, Encoding.UTF8.GetBytes(body[..cut]), Encoding.UTF8.GetBytes(body[cut..]));

                var recognised = await StreamRecognition.RecogniseAsync(reply, wanted: true, CancellationToken.None);

                (recognised.IsEventStream, recognised.ContentType).ShouldBe((isStream, isStream ? Events : type));
                (await ReadAsync(recognised.Body)).ShouldBe(body);
            }
        }
    }

    [Theory]
    [InlineData(200, "text/plain", false)] // no stream was asked for
    [InlineData(400, "text/plain", true)]
    [InlineData(200, Events, true)]
    public async Task Body_ThatNeedNotBeLookedAt_IsNotReadBefore(int status, string type, bool wanted)
    {
        var reply = Reply(type, "data: {}"u8.ToArray()) with { Status = status };

        (await StreamRecognition.RecogniseAsync(reply, wanted, CancellationToken.None)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task Body_ThatBreaksBeforeItsFirstByte_IsLeftToTheRelay()
    {
        var reply = Reply("text/plain") with { Body = new PortionedStream([], new IOException("reset")) };

        var recognised = await StreamRecognition.RecogniseAsync(reply, wanted: true, CancellationToken.None);

        recognised.IsEventStream.ShouldBeFalse();
        await Should.ThrowAsync<IOException>(() => ReadAsync(recognised.Body));
    }

    private static UpstreamReply Reply(string? type, params byte[][] portions) =>
        new(200, type, null, new Dictionary<string, string>(), new PortionedStream(portions), new MemoryStream());

    private static async Task<string> ReadAsync(Stream body)
    {
        var (all, portion) = (new List<byte>(), new byte[5]);
        while (await body.ReadAsync(portion) is > 0 and var length)
        {
            all.AddRange(portion[..length]);
        }

        return Encoding.UTF8.GetString([.. all]);
    }
}
