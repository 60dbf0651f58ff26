using System.Globalization;
using Freeway.Tests.Simulation.Ports;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation;

/// <summary>What several runs came to.</summary>
public sealed class SimulationTotals
{
    public int Seeds { get; private set; }

    public long Requests { get; private set; }

    public long Admitted { get; private set; }

    public long Crashes { get; private set; }

    public long LostAnswers { get; private set; }

    public long Steps { get; private set; }

    public int Violations { get; private set; }

    /// <summary>What befell embedded tables.</summary>
    public EmbeddedFaults Embedded { get; } = new();

    public void Add(SimWorld world, IReadOnlyList<string> violations)
    {
        Seeds++;
        Requests += world.Requests.Count;
        Admitted += world.Requests.Count(request => world.Model.Admissions(request.Exchange.RequestId) > 0);
        Crashes += world.Kills;
        LostAnswers += world.Network.Lost;
        Steps += world.Scheduler.Steps;
        Embedded.Add(world.Disk.Seen);
        Violations += violations.Count;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seeds} seeds, {Requests} requests, {Crashes} crashes, {LostAnswers} lost answers, {Violations} violations");
}
