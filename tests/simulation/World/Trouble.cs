namespace Freeway.Tests.Simulation.World;

/// <summary>What befalls a run as a whole: kills, freezes, outages, slow spans, clocks that jump, a catalogue that changes.</summary>
public sealed class Trouble(SimWorld world)
{
    public int Kills { get; private set; }

    /// <summary>Draws when each of it happens, within the first three minutes.</summary>
    public void Draw()
    {
        var busy = TimeSpan.FromMinutes(3);
        TimeSpan Sometime() => busy * world.Scheduler.Chance.NextDouble();
        for (var i = 0; i < world.Plan.Kills; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, Kill);
        }

        for (var i = 0; i < world.Plan.Freezes; i++)
        {
            world.Scheduler.After(Sometime(), world.Platform.Process, Freeze);
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

        if (world.Plan.SkewSeconds > 0)
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

    private void Kill()
    {
        if (!world.IsCalm && world.AnyInstance() is { } instance)
        {
            Kills++;
            world.Scheduler.Note(instance.Process.Name, "is killed");
            instance.Kill();
        }
    }

    private void Freeze()
    {
        if (!world.IsCalm && world.AnyInstance() is { } instance)
        {
            var lasts = world.Scheduler.Between(500, 200_000);
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
}
