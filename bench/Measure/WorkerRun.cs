using Freeway.Bench.Processes;
using Freeway.Bench.Targets;

namespace Freeway.Bench.Measure;

/// <summary>
/// Measures Freeway in one process beside Freeway in the real worker with its host: how long both take from nothing to
/// the first answer, what a request costs, and how much memory they have. Both have their tables in Azurite.
/// </summary>
internal static class WorkerRun
{
    private static readonly Cell[] Cells =
    [
        new(Target.Free, 1), new(Target.Free, 16), new(Target.Free, 64), new(Target.Refused, 16),
        new(Target.Free, 16, Stream: true),
    ];

    /// <summary>Warming up a cell lasts so many turns.</summary>
    private const int WarmUp = 4;

    public static async Task RunAsync(int rounds, TimeSpan seconds, TextWriter output, TextWriter progress, TimeProvider clock)
    {
        var starts = new List<(Start One, Start Worker)>();
        for (var start = 1; start < rounds; start++)
        {
            await progress.WriteLineAsync($"start {start} of {rounds} …");
            await using var passing = await BenchTargets.StartAsync(azurite: true, clock);
            await using var passingWorker = await BenchTargets.StartAsync(azurite: true, clock, worker: true);
            starts.Add((Start.Of(passing), Start.Of(passingWorker)));
        }

        await using var one = await BenchTargets.StartAsync(azurite: true, clock);
        await using var worker = await BenchTargets.StartAsync(azurite: true, clock, worker: true);
        starts.Add((Start.Of(one), Start.Of(worker)));
        var turns = Cells.ToDictionary(cell => cell, _ => new List<Turn>());
        foreach (var cell in Cells)
        {
            await Turn.MeasureAsync(one, worker, cell, seconds * WarmUp, clock);
        }

        for (var round = 1; round <= rounds; round++)
        {
            await progress.WriteLineAsync($"round {round} of {rounds} …");
            foreach (var cell in Cells)
            {
                turns[cell].Add(await Turn.MeasureAsync(one, worker, cell, seconds, clock));
            }
        }

        await WriteAsync(output, starts, turns);
        await output.WriteLineAsync(FormattableString.Invariant($"""
            Memory after all load: in-process {one.Freeway.Usage.ResidentMegabytes:0} MB; host and worker \
            {worker.Freeway.Usage.ResidentMegabytes:0} MB, of it the worker {Worker(worker).ResidentMegabytes:0} MB.
            """).Replace(" \\\n", " ", StringComparison.Ordinal));
    }

    private static async Task WriteAsync(
        TextWriter output, List<(Start One, Start Worker)> starts, Dictionary<Cell, List<Turn>> turns)
    {
        await output.WriteLineAsync(
            "| load | callers | YARP | in-process | host and worker | of it the worker | in-process ÷ YARP | host and "
            + "worker ÷ YARP | host and worker ÷ in-process |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
        foreach (var (cell, found) in turns)
        {
            await output.WriteLineAsync(FormattableString.Invariant($"""
                | {cell.Target}{(cell.Stream ? " stream" : "")} | {cell.Callers} | {Median(found, turn => turn.Yarp):0.000} \
                | {Median(found, turn => turn.One):0.000} | {Median(found, turn => turn.Both):0.000} \
                | {Median(found, turn => turn.Worker):0.000} | {Median(found, turn => turn.One / turn.Yarp):0.0} \
                | {Median(found, turn => turn.Both / turn.Yarp):0.0} | {Median(found, turn => turn.Both / turn.One):0.00} |
                """).Replace(" \\\n", " ", StringComparison.Ordinal));
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(FormattableString.Invariant($"""
            From process start to the first :free answer, median of {starts.Count}: in-process \
            {Median(starts, start => start.One.Seconds):0.00} s and {Median(starts, start => start.One.Megabytes):0} MB then; \
            host and worker {Median(starts, start => start.Worker.Seconds):0.00} s, \
            {Median(starts, start => start.Worker.Megabytes):0} MB, of it the worker \
            {Median(starts, start => start.Worker.WorkerMegabytes):0} MB; \
            ratio {Median(starts, start => start.Worker.Seconds / start.One.Seconds):0.00}.
            """).Replace(" \\\n", " ", StringComparison.Ordinal));
    }

    /// <summary>What the processes have used that Freeway's own started.</summary>
    private static ProcessUsage Worker(BenchTargets targets) => ProcessUsage.OfChildren(targets.Freeway.Id);

    private static double Median<T>(List<T> found, Func<T, double> value)
    {
        var sorted = found.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Holds what one start came to.</summary>
    private sealed record Start(double Seconds, double Megabytes, double WorkerMegabytes)
    {
        public static Start Of(BenchTargets targets) => new(
            targets.StartToFirstAnswer.TotalSeconds, targets.IdleMegabytes, Worker(targets).ResidentMegabytes);
    }

    /// <summary>Holds seconds of processor time for 1,000 requests, of one round.</summary>
    private sealed record Turn(double Yarp, double One, double Both, double Worker)
    {
        public static async Task<Turn> MeasureAsync(
            BenchTargets one, BenchTargets worker, Cell cell, TimeSpan seconds, TimeProvider clock)
        {
            var yarp = await CellResult.MeasureAsync(one, cell with { Target = Target.Yarp }, seconds, clock);
            var inProcess = await CellResult.MeasureAsync(one, cell, seconds, clock);
            var before = WorkerRun.Worker(worker).Cpu;
            var both = await CellResult.MeasureAsync(worker, cell, seconds, clock);
            var used = (WorkerRun.Worker(worker).Cpu - before).TotalSeconds * 1000 / both.Load.Count;
            return new Turn(
                yarp.CpuPerThousand[one.Yarp.Name], inProcess.CpuPerThousand[one.Freeway.Name],
                both.CpuPerThousand[worker.Freeway.Name], used);
        }
    }
}
