using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation;

/// <summary>
/// Looks for the least that has to go wrong for a seed to violate something: it leaves out one kind of fault after the
/// other, and callers and requests, for as long as something is still violated.
/// </summary>
public static class Shrinker
{
    /// <summary>Simpler plans, the boldest first. One that changes nothing is passed over.</summary>
    private static readonly IReadOnlyList<Func<FaultPlan, FaultPlan>> Simpler =
    [
        plan => plan with { Callers = 1 },
        plan => plan with { Callers = Math.Max(1, plan.Callers / 2) },
        plan => plan with { RequestsEach = Math.Max(1, plan.RequestsEach / 4) },
        plan => plan with { RequestsEach = Math.Max(1, plan.RequestsEach / 2) },
        plan => plan with { RequestsEach = Math.Max(1, plan.RequestsEach - 1) },
        plan => plan with { CatalogueChanges = 0 },
        plan => plan with { TopUps = 0 },
        plan => plan with { UpstreamFails = 0 },
        plan => plan with { MessageDoubled = 0 },
        plan => plan with { BrokerOutages = 0 },
        plan => plan with { SlowSpans = 0 },
        plan => plan with { StorageOutages = 0 },
        plan => plan with { ClockJumps = 0 },
        plan => plan with { SkewSeconds = 0 },
        plan => plan with { CallerRepeats = 0 },
        plan => plan with { CallerLeaves = 0 },
        plan => plan with { Busy = 0 },
        plan => plan with { NeverSent = 0 },
        plan => plan with { Late = 0 },
        plan => plan with { AnswerLost = 0 },
        plan => plan with { Strikes = 0 },
        plan => plan with { LockedSpans = 0 },
        plan => plan with { FullDisks = 0 },
        plan => plan with { Stalls = 0 },
        plan => plan with { CommitFails = 0 },
        plan => plan with { PowerCuts = Math.Min(plan.PowerCuts, 1) },
        plan => plan with { PowerCuts = 0 },
        plan => plan with { Freezes = 0 },
        plan => plan with { Stops = 0 },
        plan => plan with { Kills = 0 },
        plan => plan with { Strikes = Math.Min(plan.Strikes, 1) },
        plan => plan with { Freezes = Math.Min(plan.Freezes, 1) },
        plan => plan with { Kills = Math.Min(plan.Kills, 1) },
    ];

    /// <returns>A plan under which the seed still violates something, and none of the simpler ones does.</returns>
    public static FaultPlan Shrink(int seed, string scenario, FaultPlan plan)
    {
        while (Simpler.Select(simpler => simpler(plan)).FirstOrDefault(simpler => simpler != plan && Violates(simpler)) is { } found)
        {
            plan = found;
        }

        return plan;

        bool Violates(FaultPlan faults) => new SimWorld(seed, scenario, faults).Run().Count > 0;
    }
}
