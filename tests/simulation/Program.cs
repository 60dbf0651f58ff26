using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation;

/// <summary>Runs seeds and says what they found.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds are run.", DefaultValueFactory = _ => 100 };
        var from = new Option<int>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var scenario = new Option<string?>("--scenario") { Description = $"The kind of run; without it each seed draws one: {string.Join(", ", Scenarios.Names)}." };
        scenario.AcceptOnlyFromAmong([.. Scenarios.Names]);
        var trace = new Option<bool>("--trace") { Description = "Prints each step of each run, and the log of the code." };
        var command = new RootCommand("Runs Freeway's domain on one thread under a virtual clock, with everything drawn from a seed.") { seeds, from, scenario, trace };
        command.SetAction(parsed => Run(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(scenario), parsed.GetValue(trace)));
        return command.Parse(args).Invoke();
    }

#pragma warning disable RS0030 // a program that prints
    private static int Run(int from, int count, string? scenario, bool trace)
    {
        var total = new SimulationTotals();
        var watch = Stopwatch.StartNew();
        for (var seed = from; seed < from + count; seed++)
        {
            var world = new SimWorld(seed, scenario, follow: trace ? Console.WriteLine : null, logs: trace);
            total.Add(world, world.Run());
            if (world.Violations.Count > 0)
            {
                Console.WriteLine($"seed {seed}, trace {world.Scheduler.Hash}:");
                foreach (var violation in world.Violations)
                {
                    Console.WriteLine("  " + violation);
                }
            }
        }

        Console.WriteLine(total.ToString());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F1} s, {total.Steps} steps, {total.Admitted} admitted"));
        return total.Violations is 0 ? 0 : 1;
    }
#pragma warning restore RS0030
}
