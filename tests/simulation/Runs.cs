using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation;

/// <summary>Many runs. Each has a thread to itself, and one core has one at a time.</summary>
public static class Runs
{
    /// <param name="seeds">In the order in which they are begun.</param>
    /// <param name="scenario">Of <see cref="Scenarios"/>; null lets each seed draw one.</param>
    /// <param name="violated">Told of each run that violated something; true begins no further run.</param>
    /// <param name="threads">How many runs there are at once.</param>
    /// <returns>What all runs came to, in whichever order they ended.</returns>
    public static SimulationTotals Run(IEnumerable<int> seeds, string? scenario, Func<SimWorld, bool> violated, int threads)
    {
        var (totals, gate, over) = (new SimulationTotals(), new Lock(), false);
        using var next = seeds.GetEnumerator();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToList();
        Exception? failed = null;
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        return failed is null ? totals : throw new InvalidOperationException("A run could not be gone on with.", failed);

        void Work()
        {
            while (Next() is { } seed)
            {
                try
                {
                    var world = new SimWorld(seed, scenario);
                    var found = world.Run();
                    lock (gate)
                    {
                        totals.Add(world, found);
                        over |= found.Count > 0 && violated(world);
                    }
                }
                catch (Exception error)
                {
                    lock (gate)
                    {
                        (failed, over) = (new InvalidOperationException($"Seed {seed}{(scenario is null ? "" : $" of {scenario}")} ended by itself.", error), true);
                    }
                }
            }
        }

        int? Next()
        {
            lock (gate)
            {
                return !over && next.MoveNext() ? next.Current : null;
            }
        }
    }
}
