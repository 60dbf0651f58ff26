using Freeway.Bench.Load;
using Freeway.Bench.Targets;

namespace Freeway.Bench.Measure;

/// <summary>
/// Runs all cells in rounds: in each round every cell once, so that what else the machine does meets all of them alike.
/// </summary>
internal static class Measurement
{
    private static readonly int[] Callers = [1, 16, 64];

    public static async Task<Dictionary<Cell, List<CellResult>>> RunAsync(
        BenchTargets targets, MeasureOptions options, TextWriter progress, TimeProvider clock)
    {
        var cells = Cells(options).ToList();
        foreach (var cell in cells.Where(cell => cell.Callers is 64 || cell.Stream))
        {
            await LoadRun.RunAsync(
                targets.Request(cell.Target, cell.Stream), cell.Callers, options.WarmUp, clock, options.WarmUpRequests);
        }

        var results = cells.ToDictionary(cell => cell, _ => new List<CellResult>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            await progress.WriteLineAsync($"round {round} of {options.Rounds} …");
            foreach (var cell in cells)
            {
                results[cell].Add(await CellResult.MeasureAsync(targets, cell, options.Seconds, clock));
            }
        }

        return results;
    }

    private static IEnumerable<Cell> Cells(MeasureOptions options)
    {
        Target[] chats = options.IsQuick
            ? [Target.Direct, Target.Yarp, Target.Free, Target.Refused]
            : [Target.Direct, Target.Yarp, Target.Free, Target.Paid, Target.Refused];
        var chat =
            from callers in Callers
            from target in chats
            select new Cell(target, callers);
        return chat.Concat(
            from target in new[] { Target.Direct, Target.Yarp, Target.Free }
            select new Cell(target, 16, Stream: true));
    }
}

/// <summary>Says how much is measured, and for how long.</summary>
/// <param name="WarmUp">How long each kind of load runs before anything is measured, at most.</param>
/// <param name="WarmUpRequests">
/// How many requests are enough to warm up: the compiler goes by how often code ran, and not by how long.
/// </param>
/// <param name="Seconds">How long each cell runs in each round.</param>
internal sealed record MeasureOptions(
    bool IsQuick, int Rounds, TimeSpan WarmUp, int WarmUpRequests, TimeSpan Seconds, bool Azurite);
