using System.Text;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>An addendum that adds nothing: the end of the stream waits for it, and the caller sees no difference.</summary>
public sealed class SilentAddendumTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Relay_CutAtEveryByte_IsAskedOnceBeforeTheLastEventAndChangesNothing(bool hideUsage)
    {
        var bytes = Encoding.UTF8.GetBytes(Recorded.Whole);
        var (_, without) = await Relaying.StreamAsync(PortionedStream.Of(Recorded.Whole), hideUsage);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (caller, asked) = (new RecordingCaller(), new List<(RelayResult SoFar, string Sent)>());
            var relay = new StreamRelay(new OptionsWrapper<RelayOptions>(new()), new ManualTime());

            await relay.RelayAsync(
                new PortionedStream([bytes[..cut], bytes[cut..]]),
                caller,
                StreamShape.ChatChunks,
                hideUsage,
                soFar =>
                {
                    asked.Add((soFar, caller.Text));
                    return new(ReadOnlyMemory<byte>.Empty);
                },
                CancellationToken.None,
                isSilent: true);

            caller.Text.ShouldBe(without, $"cut at {cut}");
            var (soFar, sent) = asked.ShouldHaveSingleItem($"cut at {cut}");
            sent.ShouldNotContain("[DONE]");
            soFar.Usage.Prompt.ShouldNotBeNull($"cut at {cut}");
        }
    }
}
