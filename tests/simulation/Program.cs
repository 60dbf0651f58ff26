using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Freeway.Tests.Simulation.Bugs;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation;

/// <summary>Runs seeds and says what they found.</summary>
internal static class Program
{
    private static readonly Option<int> Seeds = new("--seeds") { Description = "How many seeds are run.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> From = new("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };

    private static readonly Option<string?> Scenario = new("--scenario")
    {
        Description = $"The kind of run, without which each seed draws one: {string.Join(", ", Scenarios.Names)}.",
    };

    private static readonly Option<string?> Faults = new("--faults") { Description = "JSON of what goes wrong, in place of what is drawn." };
    private static readonly Option<bool> Trace = new("--trace") { Description = "Prints each step of each run, and the log of the code." };
    private static readonly Option<bool> First = new("--first") { Description = "Ends with the first seed that violates something." };
    private static readonly Option<int> Threads = new("--threads") { Description = "How many runs there are at once.", DefaultValueFactory = _ => Environment.ProcessorCount };

    private static readonly Option<string?> Bugs = new("--bugs")
    {
        Description = "Makes each bug of bugs.json whose name has this text in it, and says which seed finds it first.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The commit that is run, where the build knew it.</summary>
    public static string Commit { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+').ElementAtOrDefault(1) ?? "unknown";

#pragma warning disable RS0030 // a program that prints
    private static int Main(string[] args)
    {
        Scenario.AcceptOnlyFromAmong([.. Scenarios.Names]);
        var command = new RootCommand("Runs Freeway's domain on one thread under a virtual clock, with everything drawn from a seed.")
        {
            Seeds, From, Scenario, Faults, Trace, First, Threads, Bugs,
        };
        command.SetAction(parsed => parsed.GetResult(Bugs) is not null ? HuntBugs(parsed)
            : parsed.GetValue(Trace) || parsed.GetValue(Faults) is not null ? RunAlone(parsed) : RunMany(parsed));
        return command.Parse(args).Invoke();
    }

    private static int RunMany(ParseResult parsed)
    {
        var watch = Stopwatch.StartNew();
        var found = new List<SimWorld>();
        var totals = Runs.Run(
            Enumerable.Range(parsed.GetValue(From), parsed.GetValue(Seeds)), parsed.GetValue(Scenario),
            world =>
            {
                Tell(world);
                found.Add(world);
                return parsed.GetValue(First);
            },
            parsed.GetValue(Threads));
        if (found.Count > 0 && !parsed.GetValue(First))
        {
            var world = found[0];
            Console.WriteLine($"\nThe least that has to go wrong for seed {world.Seed}:");
            var least = Shrinker.Shrink(world.Seed, world.Scenario, world.Plan);
            Console.WriteLine(Replay(world, JsonSerializer.Serialize(least)));
        }

        Console.WriteLine(totals.ToString());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F1} s, {totals.Steps} steps, {totals.Admitted} admitted, commit {Commit}"));
        Console.WriteLine(totals.Embedded);
        return totals.Violations is 0 ? 0 : 1;
    }

    /// <summary>Each by itself, told step by step.</summary>
    private static int RunAlone(ParseResult parsed)
    {
        var totals = new SimulationTotals();
        var faults = parsed.GetValue(Faults) is { } json ? JsonSerializer.Deserialize<FaultPlan>(json) : null;
        Action<string>? follow = parsed.GetValue(Trace) ? Console.WriteLine : null;
        foreach (var seed in Enumerable.Range(parsed.GetValue(From), parsed.GetValue(Seeds)))
        {
            var world = new SimWorld(seed, parsed.GetValue(Scenario), faults, follow, logs: follow is not null);
            totals.Add(world, world.Run());
            Tell(world);
        }

        Console.WriteLine(totals.ToString());
        return totals.Violations is 0 ? 0 : 1;
    }

    private static int HuntBugs(ParseResult parsed)
    {
        using var hunt = new BugHunt(parsed.GetValue(Seeds));
        var (bugs, missed) = (SeededBug.ReadAll().Where(bug => bug.Name.Contains(parsed.GetValue(Bugs) ?? "", StringComparison.OrdinalIgnoreCase)).ToList(), 0);
        Console.WriteLine("| bug | found by seed | by what |\n|---|---|---|");
        foreach (var bug in bugs)
        {
            var (line, found) = hunt.Hunt(bug);
            Console.WriteLine(line);
            missed += found ? 0 : 1;
        }

        Console.WriteLine($"{bugs.Count} bugs, {bugs.Count - missed} found");
        return missed is 0 ? 0 : 1;
    }

    private static void Tell(SimWorld world)
    {
        if (world.Violations.Count > 0)
        {
            Console.WriteLine($"seed {world.Seed} ({world.Scenario}), trace {world.Scheduler.Hash}, commit {Commit}:");
            world.Violations.ToList().ForEach(violation => Console.WriteLine("  " + violation));
            Console.WriteLine(Replay(world, null));
        }
    }

    private static string Replay(SimWorld world, string? faults) =>
        $"  dotnet run --project tests/simulation -- --seeds 1 --from {world.Seed} --scenario {world.Scenario}{(faults is null ? "" : $" --faults '{faults}'")} --trace";
#pragma warning restore RS0030
}
