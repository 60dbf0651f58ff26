using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.World;

/// <summary>What runs the instances: it fires their timers and their queue trigger, and starts new ones.</summary>
public sealed class Platform(SimWorld world)
{
    /// <summary>Lives on whatever happens to the instances.</summary>
    public SimProcess Process { get; } = new(world.Scheduler, "operations");

    /// <summary>Goes on for as long as the run does.</summary>
    public async Task RunAsync()
    {
        var nextRecovery = TimeSpan.FromSeconds(30);
        var lastDay = world.Start.Date;
        while (true)
        {
            await world.WaitAsync(Process, world.Scheduler.Between(20, 2000));
            var alive = world.Fleet.Count(instance => !instance.Process.IsDead);
            if (alive is 0 || (alive is 1 && !world.Plan.Embedded && world.Scheduler.Happens(0.05)))
            {
                world.AddInstance();
            }

            if (world.IsCalm && world.Queue.PutAside > 0)
            {
                world.Queue.Replay();
            }

            if (world.AnyInstance() is not { } instance)
            {
                continue;
            }

            if (world.Queue.Receive(instance.Process, 32) is { Count: > 0 } deliveries)
            {
                instance.Process.Start(() => instance.Ingest.RunAsync(deliveries, default), world.Failed);
            }

            if (world.Scheduler.Now >= nextRecovery)
            {
                nextRecovery = world.Scheduler.Now + TimeSpan.FromMinutes(world.Scheduler.Happens(0.2) ? 0.02 : 1);
                instance.Process.Start(() => instance.Recovery.RunAsync(default), ExceptOutages);
            }

            if ((world.Start + world.Scheduler.Now).Date != lastDay)
            {
                // Late, twice, beside another.
                lastDay = world.Scheduler.Happens(0.5) ? (world.Start + world.Scheduler.Now).Date : lastDay;
                instance.Process.Start(() => instance.Closer.RunAsync(default), ExceptOutages);
            }
        }
    }

    private void ExceptOutages(Exception? error) => world.Failed(error is IOException or OperationCanceledException ? null : error);
}
