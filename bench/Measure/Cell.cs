using Freeway.Bench.Load;
using Freeway.Bench.Processes;
using Freeway.Bench.Targets;

namespace Freeway.Bench.Measure;

/// <summary>Names one load: what is called, by how many callers at once, and whether the answers are streams.</summary>
internal sealed record Cell(Target Target, int Callers, bool Stream = false);

/// <summary>Holds what one run of a cell came to.</summary>
/// <param name="CpuPerThousand">
/// Seconds of processor time for 1,000 requests, by process. What a process does for them after their answers, e.g. the
/// records on their way into the activity log, is part of it.
/// </param>
internal sealed record CellResult(LoadResult Load, IReadOnlyDictionary<string, double> CpuPerThousand)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.25);

    /// <summary>A process that uses less than this in a step has done what was left to do.</summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(0.02);

    private const int MostSteps = 80;

    public static async Task<CellResult> MeasureAsync(
        BenchTargets targets, Cell cell, TimeSpan duration, TimeProvider clock)
    {
        IReadOnlyList<MeasuredProcess> processes = [targets.Process(cell.Target), .. targets.Stores];
        var before = processes.ToDictionary(process => process.Name, process => process.Usage.Cpu);
        var request = targets.Request(cell.Target, cell.Stream);
        var load = await LoadRun.RunAsync(request, cell.Callers, duration, clock);
        await RestAsync(processes, clock);
        var used = processes.ToDictionary(
            process => process.Name,
            process => (process.Usage.Cpu - before[process.Name]).TotalSeconds * 1000 / load.Count);
        return new CellResult(load, used);
    }

    /// <summary>Waits until none of the processes works any more.</summary>
    private static async Task RestAsync(IReadOnlyList<MeasuredProcess> processes, TimeProvider clock)
    {
        var last = processes.Select(process => process.Usage.Cpu).ToList();
        for (var step = 0; step < MostSteps; step++)
        {
            await Task.Delay(Step, clock);
            var now = processes.Select(process => process.Usage.Cpu).ToList();
            if (now.Zip(last).All(pair => pair.First - pair.Second <= AtRest))
            {
                return;
            }

            last = now;
        }
    }
}
