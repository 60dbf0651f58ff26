using System.Globalization;
using Freeway.Bench.Targets;

namespace Freeway.Bench.Measure;

/// <summary>
/// Writes the results as a table in Markdown: medians over the rounds, ratios to YARP in the same round, and how far
/// rounds lie apart.
/// </summary>
internal sealed class ResultTable(Dictionary<Cell, List<CellResult>> results, BenchTargets targets)
{
    public void Write(TextWriter output)
    {
        output.WriteLine("| load | callers | per s | p50 ms | p99 ms | first byte ms | CPU s per 1,000 | ÷ YARP | others |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (cell, runs) in results)
        {
            string[] columns =
            [
                cell.Target + (cell.Stream ? " stream" : ""), Text(cell.Callers), Text(Median(runs, run => run.Load.PerSecond), 0),
                Text(Median(runs, run => run.Load.P50.TotalMilliseconds)),
                Text(Median(runs, run => run.Load.P99.TotalMilliseconds)),
                Text(Median(runs, run => run.Load.FirstByte.TotalMilliseconds)),
                Text(Median(runs, run => Own(cell, run)), 3), Text(CpuRatio(cell), 2), Others(cell, runs),
            ];
            output.WriteLine($"| {string.Join(" | ", columns)} |");
        }

        output.WriteLine();
        output.WriteLine($"""
            Goals: CPU of :free ÷ YARP at 16 callers {Text(CpuRatio(new(Target.Free, 16)), 2)}, at 64 {Text(CpuRatio(new(Target.Free, 64)), 2)}; \
            of a refusal at 64 {Text(CpuRatio(new(Target.Refused, 64)), 2)}, its rate ÷ YARP {Text(RateRatio(), 2)}; \
            p50 above YARP's at 1 caller {Text(Above(new(Target.Free, 1), result => result.Load.P50))} ms; \
            first byte of a stream above YARP's {Text(Above(new(Target.Free, 16, true), result => result.Load.FirstByte))} ms.
            """.Replace(" \\\n", " ", StringComparison.Ordinal));
        output.WriteLine(
            $"Noise: YARP's CPU at 64 callers lies within ±{Text(Spread(new(Target.Yarp, 64)) * 50, 0)} % over the rounds, "
            + $"its p50 at 1 caller within ±{Text(SpreadOfTime(new(Target.Yarp, 1)) * 50, 0)} %.");
        output.WriteLine(
            $"Freeway: {Text(targets.StartToFirstAnswer.TotalSeconds, 2)} s from process start to the first :free answer, "
            + $"{Text(targets.IdleMegabytes, 0)} MB then, {Text(targets.Freeway.Usage.ResidentMegabytes, 0)} MB after all load.");
    }

    /// <summary>The median over the rounds of one cell's CPU by YARP's in the same round.</summary>
    private double CpuRatio(Cell cell)
    {
        var yarp = results[cell with { Target = Target.Yarp }];
        return Middle(results[cell].Zip(yarp, (mine, theirs) => Own(cell, mine) / theirs.CpuPerThousand[targets.Yarp.Name]));
    }

    private double RateRatio() => Middle(results[new(Target.Refused, 64)].Zip(
        results[new(Target.Yarp, 64)], (mine, theirs) => mine.Load.PerSecond / theirs.Load.PerSecond));

    private double Above(Cell cell, Func<CellResult, TimeSpan> time) => Middle(results[cell].Zip(
        results[cell with { Target = Target.Yarp }], (mine, theirs) => (time(mine) - time(theirs)).TotalMilliseconds));

    private double Spread(Cell cell) => SpreadOf([.. results[cell].Select(run => Own(cell, run))]);

    private double SpreadOfTime(Cell cell) => SpreadOf([.. results[cell].Select(run => run.Load.P50.TotalMilliseconds)]);

    private static double SpreadOf(double[] values) => (values.Max() - values.Min()) / Middle(values);

    private double Own(Cell cell, CellResult run) => run.CpuPerThousand[targets.Process(cell.Target).Name];

    private string Others(Cell cell, List<CellResult> runs) => cell.Target is Target.Free or Target.Paid
        ? string.Join(", ", targets.Stores.Select(store =>
            $"{store.Name} {Text(Median(runs, run => run.CpuPerThousand[store.Name]), 3)}"))
        : "";

    private static double Median(List<CellResult> runs, Func<CellResult, double> value) => Middle(runs.Select(value));

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Text(double value, int digits = 2) =>
        value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
