using System.Text;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class StreamRelayTortureTests
{
    public static TheoryData<string, bool> LineEnds => new()
    {
        { "\n", true }, { "\n", false }, { "\r\n", true }, { "\r\n", false }, { "\r", true }, { "\r", false },
    };

    [Theory]
    [MemberData(nameof(LineEnds))]
    public async Task Relay_CutAtEveryByte_SendsTheSameBytesAndReadsTheSameFacts(string lineEnd, bool hideUsage)
    {
        var bytes = Recorded.Bytes(Recorded.Whole, lineEnd);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await RelaysWhole([bytes[..cut], bytes[cut..]], lineEnd, hideUsage, $"cut at {cut}");
        }
    }

    [Theory]
    [MemberData(nameof(LineEnds))]
    public async Task Relay_ByteByByte_SendsTheSameBytesAndReadsTheSameFacts(string lineEnd, bool hideUsage) =>
        await RelaysWhole(Recorded.Bytes(Recorded.Whole, lineEnd).Chunk(1), lineEnd, hideUsage, "byte by byte");

    [Fact]
    public void Relay_AnyPortions_SendsTheSameBytesAndReadsTheSameFacts() =>
        Prop.ForAll(Gen.Choose(1, 700).NonEmptyListOf().ToArbitrary(), Gen.Elements("\n", "\r", "\r\n").ToArbitrary(), (sizes, lineEnd) =>
        {
            var bytes = Recorded.Bytes(Recorded.Whole, lineEnd);
            var portions = new List<byte[]>();
            for (var (at, turn) = (0, 0); at < bytes.Length; at += portions[^1].Length, turn++)
            {
                portions.Add(bytes[at..Math.Min(bytes.Length, at + sizes[turn % sizes.Count])]);
            }

            RelaysWhole(portions, lineEnd, hideUsage: true, "portions").GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Relay_BeforeEachRead_HasSentAllWholeEventsAndNothingOfTheUnfinished()
    {
        var bytes = Recorded.Bytes(Recorded.Whole, "\n");
        var ends = Recorded.Events.Select((_, at) => Encoding.UTF8.GetByteCount(string.Concat(Recorded.Events[..(at + 1)]))).Prepend(0).ToArray();
        var caller = new RecordingCaller();
        var reads = 0;
        var upstream = new PortionedStream(bytes.Chunk(1), beforeRead: delivered =>
        {
            reads++;
            caller.Sent.Length.ShouldBe(ends.Last(end => end <= delivered));
        });

        await new StreamRelay(Microsoft.Extensions.Options.Options.Create(new RelayOptions()), TimeProvider.System)
            .RelayAsync(upstream, caller, StreamShape.ChatChunks, hideUsage: false, CancellationToken.None);

        reads.ShouldBe(bytes.Length + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(4096)]
    public async Task Relay_EventLongerThanTheLimit_IsReadAsItGoesOutAndSoIsTheNext(int portion)
    {
        var options = new RelayOptions { LongestEvent = 5000 };
        var before = Recorded.Chunk("""{"content":"abc"}""");
        var huge = Recorded.Chunk($$"""{"content":"{{new string('x', 20_000)}}"}""");
        var text = before + huge + Recorded.Last + Recorded.UsageEvent + "data: [DONE]\n\n";
        var most = 0;
        var caller = new RecordingCaller();
        var upstream = new PortionedStream(
            Recorded.Bytes(text, "\n").Chunk(portion), beforeRead: delivered => most = Math.Max(most, delivered - caller.Sent.Length));

        var result = await new StreamRelay(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System)
            .RelayAsync(upstream, caller, StreamShape.ChatChunks, hideUsage: true, CancellationToken.None);

        caller.Text.ShouldBe(before + huge + Recorded.Last + "data: [DONE]\n\n");
        result.Ending.ShouldBe(RelayEnding.Completed);
        result.CompletionBytes.ShouldBe(20_003);
        result.Usage.Completion.ShouldBe(5);
        most.ShouldBeLessThanOrEqualTo(options.LongestEvent + 4096);
    }

    [Fact]
    public async Task Relay_LongEventWithinTheLimit_IsRead()
    {
        var whole = Recorded.Chunk($$"""{"content":"{{new string('x', 900_000)}}"}""");

        var (result, sent) = await Relaying.StreamAsync(new PortionedStream(Recorded.Bytes(whole + Recorded.Last, "\n").Chunk(3000)));

        sent.ShouldBe(whole + Recorded.Last);
        result.CompletionBytes.ShouldBe(900_000);
    }

    private static async Task RelaysWhole(IEnumerable<byte[]> portions, string lineEnd, bool hideUsage, string how)
    {
        var (result, sent) = await Relaying.StreamAsync(new PortionedStream(portions), hideUsage);

        sent.ShouldBe((hideUsage ? Recorded.WithoutUsage : Recorded.Whole).Replace("\n", lineEnd, StringComparison.Ordinal), how);
        result.ShouldBe(new RelayResult
        {
            Ending = RelayEnding.Completed,
            Usage = Recorded.Usage,
            FinishReason = "stop",
            CompletionBytes = Recorded.TextBytes,
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
