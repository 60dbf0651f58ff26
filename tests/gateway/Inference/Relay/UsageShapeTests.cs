using System.Globalization;
using System.Text;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>Relays each recording of <c>Shapes</c> and books it as its row of docs/usage-shapes.md says.</summary>
public sealed class UsageShapeTests
{
    private const int PromptBytes = 52;
    private const int Held = 4096;
    private const int Megabytes = 5;

    private static readonly string Folder =
        Path.Combine(RepositoryFolder.Root, "tests", "gateway", "Inference", "Relay", "Shapes");

    private static readonly Dictionary<string, UsageShape> Shapes = File
        .ReadLines(Path.Combine(RepositoryFolder.Root, "docs", "usage-shapes.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(UsageShape.Of)
        .ToDictionary(shape => shape.Name);

    public static TheoryData<string> Recordings => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Those that are no error alone: no error that upstreams send is too long to wait for.</summary>
    public static TheoryData<string> LongRecordings =>
        [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Where(file => Of(file).End is not "withheld").Order(StringComparer.Ordinal)];

    [Fact]
    public void Table_EachRow_HasARecordingAndEachRecordingARow() =>
        Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(Shapes.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Shape_CutAtEveryByte_IsBookedAsTheTableSays(string file)
    {
        var shape = Of(file);
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            var bytes = Bytes(file, lineEnd);
            var (_, whole) = await RelayAsync(file, shape, [bytes]);
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                var (result, sent) = await RelayAsync(file, shape, [bytes[..cut], bytes[cut..]]);
                shape.Check(result, sent, $"cut at {cut}");
                if (shape.End is "whole" or "failed")
                {
                    sent.ShouldBe(whole, $"cut at {cut}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Shape_ByteByByte_IsBookedAsTheTableSays(string file)
    {
        var shape = Of(file);
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            var (result, sent) = await RelayAsync(file, shape, Bytes(file, lineEnd).Chunk(1));
            shape.Check(result, sent, "byte by byte");
        }
    }

    [Theory]
    [MemberData(nameof(LongRecordings))]
    public async Task Shape_OfEventsTooLongToWaitFor_IsBookedAsTheTableSays(string file)
    {
        var shape = Of(file);
        foreach (var portion in new[] { 1, 7, 100 })
        {
            var (result, sent) = await RelayAsync(file, shape, Bytes(file, "\n").Chunk(portion), new() { LongestEvent = 40 });
            shape.Check(result, sent, $"by {portion}");
        }
    }

    [Theory]
    [InlineData("picture-event.stream")]
    [InlineData("picture-event.json")]
    [InlineData("picture-event-last-in-event.stream")]
    [InlineData("picture-in-response.stream")]
    [InlineData("picture-in-response.json")]
    [InlineData("picture-in-chunk.stream")]
    [InlineData("picture-in-chunk.json")]
    public async Task Picture_Of5Megabytes_IsOneImageAndItsTokens(string file)
    {
        var shape = Of(file);
        var bytes = Bytes(file, "\n", Megabytes << 20);

        var (result, sent) = await RelayAsync(file, shape, bytes.Chunk(16_000));

        shape.Check(result, sent, "5 MB");
        sent.ShouldBe(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>The recordings of chat completions.</summary>
    public static IEnumerable<string> OfChat =>
        Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Where(file => Of(file).Surface == Surface.ChatCompletions);

    /// <summary>Whether the connection breaks at the end of a recording.</summary>
    public static bool IsReset(string file) => Of(file).IsReset;

    public static Task<(RelayResult Result, string Sent)> RelayAsync(string file, IEnumerable<byte[]> portions) =>
        RelayAsync(file, Of(file), portions);

    private static UsageShape Of(string file) => Shapes[Path.GetFileNameWithoutExtension(file)];

    public static byte[] Bytes(string file, string lineEnd, int picture = 1500) => Encoding.UTF8.GetBytes(
        File.ReadAllText(Path.Combine(Folder, file))
            .Replace("\r", "", StringComparison.Ordinal)
            .Replace("\n", lineEnd, StringComparison.Ordinal)
            .Replace("PICTURE", new string('P', picture), StringComparison.Ordinal)
            .Replace("SEALED", new string('S', 400), StringComparison.Ordinal));

    private static Task<(RelayResult Result, string Sent)> RelayAsync(
        string file, UsageShape shape, IEnumerable<byte[]> portions, RelayOptions? options = null)
    {
        var upstream = new PortionedStream(portions, shape.IsReset ? new IOException("reset") : null);
        return file.EndsWith(".stream", StringComparison.Ordinal)
            ? Relaying.StreamAsync(upstream, options: options, shape: shape.Surface.Stream)
            : Relaying.JsonAsync(upstream, withholdError: true);
    }

    /// <summary>One row of the table.</summary>
    private sealed record UsageShape(string Name, Surface Surface, MeteredUsage Booked, long Images, string End, bool IsReset)
    {
        public static UsageShape Of(string line)
        {
            var cells = line.Split('|').Select(cell => cell.Trim(' ', '`')).ToArray();
            var booked = new MeteredUsage(Number(cells[4]), Number(cells[5]), cells[9] is "estimated")
            {
                Cached = Number(cells[6]),
                Reasoning = Number(cells[7]),
            };
            cells[9].ShouldBeOneOf("reported", "estimated", "nothing");
            return new UsageShape(
                cells[1], Surface.At(cells[2])!, booked, Number(cells[8]), cells[10].Split(',')[0], cells[10].EndsWith("reset", StringComparison.Ordinal));
        }

        public void Check(RelayResult result, string sent, string how)
        {
            Usage.Of(result, Surface, PromptBytes, Held).ShouldBe(Booked, how);
            (Surface.Counts(Measures.Images) ? result.Items : 0).ShouldBe((int)Images, how);
            (result.Ending switch
            {
                RelayEnding.UpstreamBroke when !result.AnyAnswerWritten => "withheld",
                RelayEnding.UpstreamBroke => "broken",
                RelayEnding.Completed when result.HasFailed => "failed",
                _ => result.Ending is RelayEnding.Completed ? "whole" : result.Ending.ToString(),
            }).ShouldBe(End, how);
            if (End is "withheld")
            {
                sent.Replace(": waiting", "", StringComparison.Ordinal).Trim().ShouldBeEmpty(how);
            }
        }

        private static long Number(string cell) => long.Parse(cell, CultureInfo.InvariantCulture);
    }
}
