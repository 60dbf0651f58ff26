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

        for (var i = 0; i < world.Plan.FullDisks; i++)
        {
            DrawFullDisk(Sometime(), world.Scheduler.Between(2000, 60_000), alsoTheBroker: world.Scheduler.Happens(0.5));
        }

        for (var i = 0; i < world.Plan.LockedSpans; i++)
        {
            Span(Sometime(), world.Scheduler.Between(100, 20_000), on => world.Disk.IsLocked = on, "the file is locked");
        }

        if (world.Plan.PowerCuts > 0)
        {
            DrawPowerCut(world.Plan.PowerCuts);
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

    /// <summary>The broker's journal is on the same disk, and may still have room where the tables have none.</summary>
    private void DrawFullDisk(TimeSpan from, TimeSpan lasts, bool alsoTheBroker) =>
        world.Scheduler.After(from, world.Platform.Process, () =>
        {
            if (world.IsCalm || world.Disk.IsFull)
            {
                return;
            }

            world.Scheduler.Note("world", $"the disk is full for {lasts.TotalSeconds:F0} s");
            world.Disk.Fill();
            world.Network.BrokerIsDown |= alsoTheBroker;
            world.Scheduler.After(lasts, world.Platform.Process, () =>
            {
                world.Disk.Clear(lasts);
                world.Network.BrokerIsDown &= !alsoTheBroker;
            });
        });

    /// <summary>
    /// Tables and journal are not flushed together: each loses what was written since a moment of its own. One cut follows
    /// the other, so that none brings back what another has lost.
    /// </summary>
    private void DrawPowerCut(int left) =>
        world.Scheduler.After(TimeSpan.FromSeconds(100) * world.Scheduler.Chance.NextDouble(), world.Platform.Process, () =>
        {
            var tables = world.Plan.Synced ? TimeSpan.Zero : world.Scheduler.Between(10, 30_000);
            var journal = world.Scheduler.Between(10, 30_000);
            var cut = new PowerCut(world, losesTables: !world.Plan.Synced);
            var last = tables > journal ? tables : journal;
            world.Scheduler.After(last - tables, world.Platform.Process, cut.KeepTables);
            world.Scheduler.After(last - journal, world.Platform.Process, cut.KeepJournal);
            world.Scheduler.After(last, world.Platform.Process, () =>
            {
                if (world.IsCalm)
                {
                    return;
                }

                Kills += world.Fleet.Count(instance => !instance.Process.IsDead);
                cut.Happen();
                if (left > 1)
                {
                    DrawPowerCut(left - 1);
                }
            });
        });

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

    /// <summary>A disk on which commits fail often takes the process with it.</summary>
    public void LeftInLog(SimProcess process)
    {
        if (!world.IsCalm && world.Scheduler.Happens(0.2))
        {
            var instance = world.Fleet.First(one => one.Process == process);
            world.Scheduler.After(world.Scheduler.Between(0, 30), world.Platform.Process, () => Kill(instance));
        }
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
