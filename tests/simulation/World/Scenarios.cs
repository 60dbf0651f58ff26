namespace Freeway.Tests.Simulation.World;

/// <summary>
/// Kinds of runs. Half of all runs mix everything at moderate rates; the others go far in one direction, where a bug shows
/// that the rest would hide.
/// </summary>
public static class Scenarios
{
    private static readonly Dictionary<string, Func<Random, FaultPlan>> Kinds = new(StringComparer.Ordinal)
    {
        ["mixed"] = Mixed,
        ["calm"] = _ => FaultPlan.None with { TopUps = 3 },
        ["storage"] = chance => Mixed(chance) with
        {
            AnswerLost = 0.1 + (chance.NextDouble() * 0.3),
            Late = chance.NextDouble() * 0.2,
            NeverSent = chance.NextDouble() * 0.2,
            Kills = 0,
            Stops = 0,
            Freezes = 0,
            Strikes = 0,
        },
        ["late"] = chance => Mixed(chance) with
        {
            Late = 0.05 + (chance.NextDouble() * 0.15),
            Latest = TimeSpan.FromSeconds(chance.Next(30, 280)),
            Strikes = chance.Next(3),
        },
        ["freezes"] = chance => Mixed(chance) with
        {
            Freezes = chance.Next(2, 7),
            Strikes = chance.Next(2, 7),
            FreezeSeconds = 300,
            AnswerLost = chance.NextDouble() * 0.2,
        },
        ["kills"] = chance => Mixed(chance) with { Kills = chance.Next(3, 9), Strikes = chance.Next(5) },
        ["outages"] = chance => Mixed(chance) with
        {
            StorageOutages = chance.Next(1, 4),
            BrokerOutages = chance.Next(1, 4),
            SlowSpans = chance.Next(3),
        },
        ["clocks"] = chance => Mixed(chance) with { SkewSeconds = 5 + (chance.NextDouble() * 15), ClockJumps = chance.Next(2, 9) },
        ["callers"] = chance => Mixed(chance) with { CallerLeaves = 0.3, CallerRepeats = 0.8, TopUps = 6 },
        ["upstreams"] = chance => Mixed(chance) with { UpstreamFails = 0.4 + (chance.NextDouble() * 0.4), Kills = chance.Next(2) },
        ["embedded"] = chance => Embedded(chance) with { Kills = chance.Next(1, 5), Strikes = chance.Next(4) },
        ["power"] = chance => Embedded(chance) with { PowerCuts = chance.Next(1, 4), Synced = chance.Next(3) is 0, Kills = chance.Next(2) },
    };

    public static IReadOnlyCollection<string> Names => Kinds.Keys;

    /// <param name="name">Null draws a kind, too.</param>
    public static (string Name, FaultPlan Plan) Draw(string? name, Random chance)
    {
        // Drawn also where it is given: then a seed that drew a kind is the same run under its name.
        var drawn = chance.Next(2) is 0 ? "mixed" : Kinds.Keys.ElementAt(chance.Next(1, Kinds.Count));
        var kind = name ?? drawn;
        return (kind, Kinds[kind](chance));
    }

    /// <summary>One process with embedded tables: no call of those is lost on the way, and the broker is in the process.</summary>
    private static FaultPlan Embedded(Random chance) => Mixed(chance) with
    {
        Embedded = true,
        NeverSent = 0,
        AnswerLost = 0,
        Late = 0,
        Busy = 0,
        StorageOutages = 0,
        SlowSpans = 0,
        CommitFails = chance.Next(3) is 0 ? 0 : chance.NextDouble() * 0.1,
        Stalls = chance.Next(3) is 0 ? 0 : chance.NextDouble() * 0.02,
        FullDisks = chance.Next(3),
        LockedSpans = chance.Next(3),
    };

    private static FaultPlan Mixed(Random chance)
    {
        // Some runs have no faults of a kind: a bug that others hide shows there.
        double Rate(double most) => chance.Next(3) is 0 ? 0 : chance.NextDouble() * most;
        return new FaultPlan
        {
            NeverSent = Rate(0.15),
            AnswerLost = Rate(0.2),
            Late = Rate(0.15),
            Busy = Rate(0.1),
            StorageOutages = chance.Next(4) is 0 ? 1 : 0,
            BrokerOutages = chance.Next(4) is 0 ? 1 : 0,
            SlowSpans = chance.Next(3) is 0 ? 2 : 0,
            Kills = chance.Next(3),
            Stops = chance.Next(3),
            Freezes = chance.Next(3),
            Strikes = chance.Next(2),
            SkewSeconds = chance.Next(2) is 0 ? 0 : chance.NextDouble() * 10,
            ClockJumps = chance.Next(3),
            MessageDoubled = Rate(0.2),
            CallerLeaves = Rate(0.15),
            CallerRepeats = Rate(0.4),
            UpstreamFails = Rate(0.4),
            CatalogueChanges = chance.Next(3) is 0 ? 2 : 0,
            TopUps = chance.Next(4),
        };
    }
}
