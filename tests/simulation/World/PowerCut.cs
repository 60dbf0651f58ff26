using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Simulation.World;

/// <summary>
/// A cut of the power: every process ends, and tables and journal are as they were at the last moment that had reached the
/// disk. What was committed after it is gone for all, in the order in which it was written, so that no transaction is
/// there without those before it.
/// </summary>
public sealed class PowerCut(SimWorld world, bool losesTables)
{
    private Action? _tablesBack, _journalBack;
    private TimeSpan _tablesKept, _journalKept;
    private long _commits;

    /// <summary>The last moment of the tables that reaches the disk.</summary>
    public void KeepTables()
    {
        (_tablesKept, _commits) = (world.Scheduler.Now, world.LedgerCommits);
        _tablesBack = world.Ledger.Snapshot() + world.Instances.Snapshot() + world.Activity.Snapshot() + world.Usage.Snapshot()
            + world.Refusals.Snapshot() + world.Resets.Snapshot() + world.Model.Snapshot() + world.Calls.Snapshot();
    }

    /// <summary>The last moment of the broker's journal that reaches the disk.</summary>
    public void KeepJournal() => (_journalKept, _journalBack) = (world.Scheduler.Now, world.Queue.Snapshot());

    public void Happen()
    {
        var seen = world.Disk.Seen;
        seen.PowerCuts++;
        foreach (var instance in world.Fleet.Where(instance => !instance.Process.IsDead).ToList())
        {
            instance.Kill();
        }

        _journalBack!();
        var from = _journalKept;
        if (losesTables)
        {
            seen.LostCommits += world.LedgerCommits - _commits;
            _tablesBack!();
            world.Model.CheckStored(world.Ledger);
            world.Quotas.PutBack(world.Model.Quotas);
            world.Senders.ForgetPurchases(_tablesKept);
            from = _tablesKept < from ? _tablesKept : from;
        }

        world.Lose(from);
        world.Scheduler.Note("world", $"the power is cut, tables are {(world.Scheduler.Now - _tablesKept).TotalSeconds:F3} s "
            + $"and the journal {(world.Scheduler.Now - _journalKept).TotalSeconds:F3} s behind");
    }
}
