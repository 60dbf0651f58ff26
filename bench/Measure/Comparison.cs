using System.Globalization;
using Freeway.Bench.Load;
using Freeway.Bench.Targets;

namespace Freeway.Bench.Measure;

/// <summary>
/// Compares two builds of Freeway under one load: YARP, the one and the other take short turns, so that what else the
/// machine does meets all three alike.
/// </summary>
internal static class Comparison
{
    /// <summary>Warming up ends after so many requests, or after its longest time: the compiler goes by calls.</summary>
    private const int WarmUpRequests = 30_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(
        BenchTargets before, BenchTargets after, Cell cell, int rounds, TimeSpan seconds, TextWriter output, TimeProvider clock)
    {
        var yarp = cell with { Target = Target.Yarp };
        (BenchTargets Targets, Cell Cell)[] turns = [(before, yarp), (before, cell), (after, cell)];
        foreach (var (targets, load) in turns)
        {
            await LoadRun.RunAsync(
                targets.Request(load.Target, load.Stream), load.Callers, WarmUp, clock, WarmUpRequests);
        }

        var found = new List<double[]>();
        for (var round = 0; round < rounds; round++)
        {
            var cpu = new double[turns.Length];
            for (var turn = 0; turn < turns.Length; turn++)
            {
                var (targets, load) = turns[turn];
                var result = await CellResult.MeasureAsync(targets, load, seconds, clock);
                cpu[turn] = result.CpuPerThousand[targets.Process(load.Target).Name];
            }

            found.Add(cpu);
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"CPU s per 1,000: YARP {Median(cpu => cpu[0]):0.000}, before {Median(cpu => cpu[1]):0.000}, after {Median(cpu => cpu[2]):0.000}"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"before / YARP {Median(cpu => cpu[1] / cpu[0]):0.00}, after / YARP {Median(cpu => cpu[2] / cpu[0]):0.00}, after / before {Median(cpu => cpu[2] / cpu[1]):0.00}"));

        double Median(Func<double[], double> value) => found.Select(value).Order().ElementAt(found.Count / 2);
    }
}
