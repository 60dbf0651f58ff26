using System.Globalization;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Bench.Load;
using Freeway.Bench.Targets;
using Freeway.EmbeddedTables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Bench.Measure;

/// <summary>
/// Measures what stored requests cost those after them: the times of a paced load on embedded tables in which ever more
/// requests of the same organisation and key are stored, with YARP's in turns.
/// </summary>
internal static class StoredRun
{
    private const int PerSecond = 200;
    private const int Connections = 32;

    /// <summary>Records that are stored together, as the queue's reader stores what comes at once.</summary>
    private const int Together = 90;

    /// <summary>The days over which the stored requests lie, today included: the records of one month or two.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    /// <param name="rounds">How often YARP and Freeway take turns at each number.</param>
    /// <param name="seconds">How long each of them has the load in a turn.</param>
    public static async Task RunAsync(
        IEnumerable<int> counts, int rounds, TimeSpan seconds, TextWriter output, TimeProvider clock)
    {
        await output.WriteLineAsync(
            "| stored requests | file MB | YARP p50 ms | p99 ms | Freeway p50 ms | p99 ms | p50 above | p99 above (span) | requests |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
        foreach (var count in counts)
        {
            await using var targets = await BenchTargets.StartAsync(
                azurite: false, clock, prepare: folder => StoreAsync(folder, count, clock));
            await MeasureAsync(targets, count, rounds, seconds, output, clock);
        }
    }

    private static async Task MeasureAsync(
        BenchTargets targets, int count, int rounds, TimeSpan seconds, TextWriter output, TimeProvider clock)
    {
        var (yarp, free) = (targets.Request(Target.Yarp, stream: false), targets.Request(Target.Free, stream: false));
        foreach (var request in new[] { yarp, free })
        {
            await LoadRun.RunAsync(request, Connections, TimeSpan.FromMinutes(1), clock, most: 10_000);
            await LoadRun.PacedAsync(request, Connections, PerSecond, TimeSpan.FromSeconds(2), clock);
        }

        var turns = new List<(LoadResult Yarp, LoadResult Free)>();
        for (var round = 0; round < rounds; round++)
        {
            turns.Add((
                await LoadRun.PacedAsync(yarp, Connections, PerSecond, seconds, clock),
                await LoadRun.PacedAsync(free, Connections, PerSecond, seconds, clock)));
        }

        var above = turns.ConvertAll(turn => (turn.Free.P99 - turn.Yarp.P99).TotalMilliseconds);
        string[] cells =
        [
            Text($"{count:N0}"),
            Text($"{Megabytes(targets.FreewayFolder):0}"),
            Median(turn => turn.Yarp.P50),
            Median(turn => turn.Yarp.P99),
            Median(turn => turn.Free.P50),
            Median(turn => turn.Free.P99),
            Median(turn => turn.Free.P50 - turn.Yarp.P50),
            Median(turn => turn.Free.P99 - turn.Yarp.P99) + Text($" ({above.Min():0.0} to {above.Max():0.0})"),
            Text($"{turns.Sum(turn => turn.Free.Count):N0}"),
        ];
        await output.WriteLineAsync($"| {string.Join(" | ", cells)} |");

        static string Text(FormattableString text) => FormattableString.Invariant(text);

        string Median(Func<(LoadResult Yarp, LoadResult Free), TimeSpan> of) =>
            Text($"{turns.Select(of).Order().ElementAt(turns.Count / 2).TotalMilliseconds:0.00}");
    }

    /// <summary>
    /// Writes records with their sums by the store that Freeway writes them with. The rows of a request in the ledger are
    /// written over by those after it, so that records are all that a request leaves.
    /// </summary>
    private static async Task StoreAsync(string folder, int count, TimeProvider clock)
    {
        var file = File(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var database = TableDatabase.Open(new TableDatabaseOptions(file));
        var account = new StorageAccount(
            database.Connect(TableProfiles.Strict), database.Connect(TableProfiles.Patient), new TableNames());
        var store = new TableActivityStore(account, new Backoff(clock, new Random(1)), clock);
        var from = clock.GetUtcNow() - Span;
        foreach (var some in Enumerable.Range(0, count).Chunk(Together))
        {
            await store.AppendAsync(
                "demo", [.. some.Select(index => Record(index, from + (Span * ((double)index / count))))], CancellationToken.None);
        }
    }

    /// <summary>A record as a request of the load leaves it.</summary>
    private static ActivityRecord Record(int index, DateTimeOffset time) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"stored-{index:00000000}-0123456789abcdef"),
        Time = time,
        Org = "demo",
        Key = "stored",
        Endpoint = "chat/completions",
        Slug = "bench/wide:free",
        Model = "bench/wide",
        Variant = "free",
        Tier = "free",
        Plan = "wide",
        Upstream = "loopback",
        UpstreamRequestId = "chatcmpl-bench",
        UpstreamModel = "echo",
        Status = 200,
        FinishReason = "stop",
        PromptTokens = 13,
        CompletionTokens = 7,
        TotalTokens = 20,
        LatencyMs = 2,
        TtftMs = 1,
    };

    private static double Megabytes(string folder) => new FileInfo(File(folder)).Length / 1e6;

    private static string File(string folder) => Path.Combine(folder, "tables", "tables.db");
}
