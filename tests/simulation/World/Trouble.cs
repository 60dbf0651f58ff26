using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.World;

/// <summary>What befalls a run as a whole: kills, freezes, outages, slow spans, clocks that jump, a catalogue that changes.</summary>
public sealed class Trouble(SimWorld world)
{
    /// <summary>How many of an instance's transactions go by before one of them is struck.</summary>
    private const int BetweenStrikes = 60;

    private int _strikes = world.Plan.Strikes;

    public int Kills { get; private set; }

    /// <summary>Instances that were ended in order.</summary>
    public int Stops { get; private set; }

    /// <summary>Draws when each of it happens, within the first three minutes.</summary>
    public void Draw()
    {
        var busy = TimeSpan.FromMinutes(3);
        TimeSpan Sometime() => busy * world.Scheduler.Chance.NextDouble();
        for (var i = 0; i < world.Plan.Kills; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, () => Kill(world.AnyInstance()));
        }

        for (var i = 0; i < world.Plan.Stops; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, () => Stop(world.AnyInstance()));
        }

        for (var i = 0; i < world.Plan.Freezes; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, () => Freeze(world.AnyInstance()));
        }

        for (var i = 0; i < world.Plan.StorageOutages; i++)
        {
            Span(Sometime(), world.Scheduler.Between(2000, 150_000), on => world.Network.StorageIsDown = on, "storage is down");
        }

        for (var i = 0; i < world.Plan.BrokerOutages; i++)
        {
            Span(Sometime(), world.Scheduler.Between(2000, 150_000), on => world.Network.BrokerIsDown = on, "broker is down");
        }

        for (var i = 0; i < world.Plan.SlowSpans; i++)
        {
            Span(Sometime(), world.Scheduler.Between(1000, 30_000), on => world.Network.StorageIsSlow = on, "storage is slow");
        }

        for (var i = 0; i < world.Plan.CatalogueChanges; i++)
        {
            var free = world.Scheduler.Happens(0.5);
            world.Scheduler.After(Sometime(), world.Platform.Process, () => world.Catalogue = SimCatalogue.Read(free));
        }

        for (var i = 0; i < world.Plan.ClockJumps && world.Plan.SkewSeconds > 0; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, () =>
            {
                if (world.AnyInstance() is { } instance)
                {
                    instance.Clock.Skew = world.DrawSkew();
                    world.Scheduler.Note(instance.Process.Name, $"clock set to a skew of {instance.Clock.Skew.TotalSeconds:F1} s");
                }
            });
        }
    }

    private void Span(TimeSpan from, TimeSpan lasts, Action<bool> set, string what)
    {
        world.Scheduler.After(from, world.Platform.Process, () =>
        {
            world.Scheduler.Note("world", $"{what} for {lasts.TotalSeconds:F0} s");
            set(!world.IsCalm);
        });
        world.Scheduler.After(from + lasts, world.Platform.Process, () => set(false));
    }

    /// <summary>An instance has sent a transaction: now and then it is killed or frozen before its answer is there.</summary>
    public void Sent(SimProcess process)
    {
        if (world.IsCalm || _strikes is 0 || world.Scheduler.Chance.Next(BetweenStrikes) is not 0)
        {
            return;
        }

        _strikes--;
        var (instance, kills) = (world.Fleet.First(one => one.Process == process), world.Scheduler.Happens(0.3));
        world.Scheduler.After(world.Scheduler.Between(0, 60), world.Platform.Process, () =>
        {
            if (kills)
            {
                Kill(instance);
            }
            else
            {
                Freeze(instance);
            }
        });
    }

    private void Kill(Instance? instance)
    {
        if (!world.IsCalm && instance is { Process.IsDead: false })
        {
            Kills++;
            world.Scheduler.Note(instance.Process.Name, "is killed");
            instance.Kill();
        }
    }

    private void Stop(Instance? instance)
    {
        if (!world.IsCalm && instance is not null)
        {
            Stops++;
            world.Scheduler.Note(instance.Process.Name, "is stopped");
            instance.Process.Start(instance.StopAsync, error =>
            {
                world.Failed(error is OperationCanceledException ? null : error);
                world.Scheduler.Note(instance.Process.Name, "has ended");
                instance.Kill();
            });
        }
    }

    private void Freeze(Instance? instance)
    {
        if (world.IsCalm || instance is null or { Process.IsDead: true } or { Process.IsFrozen: true })
        {
            return;
        }

        var lasts = world.Scheduler.Between(500, world.Plan.FreezeSeconds * 1000);
        world.Scheduler.Note(instance.Process.Name, $"is frozen for {lasts.TotalSeconds:F0} s");
        instance.Process.Freeze();
        world.Scheduler.After(lasts, world.Platform.Process, () =>
        {
            if (!instance.Process.IsDead)
            {
                world.Scheduler.Note(instance.Process.Name, "goes on");
                instance.Process.Thaw();
            }
        });
    }
}
