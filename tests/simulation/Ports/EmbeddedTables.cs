using Freeway.Gateway.Ledger;
using Freeway.Tests.Simulation.Scheduling;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>
/// Embedded tables as one process has them, with what can go wrong in them. One writer commits in groups: what waits
/// while it commits is its next group, and all of a group succeed or fail together, whatever was decided of each. Reads go
/// by themselves, also while nothing can be written.
/// </summary>
public sealed class EmbeddedTables(Scheduler scheduler, SimProcess process, EmbeddedDisk disk)
{
    /// <summary>How long the adapters wait for one call.</summary>
    private static readonly TimeSpan GivesUp = TimeSpan.FromSeconds(3);

    /// <summary>How long SQLite waits for a lock of another program.</summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(2);

    private readonly EmbeddedFaults _seen = disk.Seen;
    private List<Write> _waiting = [];
    private bool _isWriting;

    /// <summary>
    /// A group that failed as it was flushed: its callers were told so and readers do not see it, but it is whole in the
    /// write-ahead log. It comes back with the next start, unless another commit was written over it before.
    /// </summary>
    private List<Write> _leftInLog = [];

    /// <summary>Reads what is committed.</summary>
    public Task<T> ReadAsync<T>(string what, Func<T> read)
    {
        var answer = new TaskCompletionSource<T>();
        scheduler.After(scheduler.Between(0.02, 2), process, () =>
        {
            _seen.ReadsWhileFull += disk.IsFull ? 1 : 0;
            scheduler.Note(process.Name, what);
            answer.TrySetResult(read());
        });
        return answer.Task;
    }

    /// <summary>Queues a transaction for the next group.</summary>
    /// <exception cref="IOException">
    /// The group was not committed, or its caller gave up waiting; in both cases it may be in the file.
    /// </exception>
    public Task<T> WriteAsync<T>(string what, Func<T> execute)
    {
        var answer = new TaskCompletionSource<T>();
        _waiting.Add(new Write(Execute, error => answer.TrySetException(error)));
        scheduler.After(GivesUp, process, () => answer.TrySetException(new IOException($"{what}: no answer")));
        if (!_isWriting)
        {
            _isWriting = true;
            Begin();
        }

        return answer.Task;

        (object? Result, Action Tell) Execute()
        {
            scheduler.Note(process.Name, what);
            try
            {
                var result = execute();
                return (result, () => answer.TrySetResult(result));
            }
            catch (IOException refused)
            {
                return (null, () => answer.TrySetException(refused));
            }
        }
    }

    /// <summary>The process has ended, and the next one opens the file.</summary>
    public void Reopen()
    {
        _seen.CameBack += _leftInLog.Count > 0 ? 1 : 0;
        _leftInLog.ForEach(write => write.Execute());
        _leftInLog = [];
    }

    private void Begin()
    {
        var isStalled = scheduler.Happens(disk.Faults.Stalls);
        _seen.Stalls += isStalled ? 1 : 0;
        var takes = isStalled ? scheduler.Between(500, 8000) : scheduler.Between(0.05, 8);
        scheduler.After(disk.IsLocked ? BusyTimeout : takes, process, End);
    }

    private void End()
    {
        var group = _waiting;
        _waiting = [];
        if (disk.IsLocked)
        {
            _seen.Locked += group.Count;
            Fail(group, "503 ServerBusy");
        }
        else if (disk.IsFull)
        {
            _seen.Full += group.Count;
            Fail(group, "500 InternalError, the disk is full");
        }
        else if (scheduler.Happens(disk.Faults.CommitFails))
        {
            FailAtCommit(group);
        }
        else
        {
            Commit(group);
        }

        _isWriting = _waiting.Count > 0;
        if (_isWriting)
        {
            Begin();
        }
    }

    private void Commit(List<Write> group)
    {
        _leftInLog = [];
        var done = group.ConvertAll(write => write.Execute());
        var verdicts = done.Select(one => one.Result).OfType<CommitOutcome>().Select(outcome => outcome.Verdict).ToList();
        var isMixed = verdicts.Contains(CommitVerdict.Conflict) && done.Count > 1;
        _seen.ConflictsInGroups += isMixed ? 1 : 0;
        _seen.Groups += done.Count > 1 ? 1 : 0;
        done.ForEach(one => one.Tell());
    }

    /// <summary>All are told that it failed; what is in the file is one of three.</summary>
    private void FailAtCommit(List<Write> group)
    {
        switch (scheduler.Chance.Next(3))
        {
            case 0:
                _seen.DurableAndFailed++;
                _leftInLog = [];
                group.ForEach(write => write.Execute());
                break;
            case 1:
                _leftInLog = group;
                disk.LeftInLog?.Invoke(process);
                break;
        }

        Fail(group, "500 InternalError");
    }

    private void Fail(List<Write> group, string why)
    {
        _seen.SharedFailures += group.Count > 1 ? 1 : 0;
        scheduler.Note(process.Name, $"a group of {group.Count} failed: {why}");
        group.ForEach(write => write.Fail(new IOException(why)));
    }

    /// <param name="Execute">Applies it to the tables, and says what it came to and how its caller is told.</param>
    private sealed record Write(Func<(object? Result, Action Tell)> Execute, Action<IOException> Fail);
}

/// <summary>The disk and the file of one machine, which outlast its processes.</summary>
public sealed class EmbeddedDisk(Action<string> violated)
{
    private readonly Dictionary<string, int> _askedWhileFull = new(StringComparer.Ordinal);

    public FaultPlan Faults { get; set; } = FaultPlan.None;

    public EmbeddedFaults Seen { get; } = new();

    /// <summary>Called when a process has a group in its log that comes back should it end now.</summary>
    public Action<SimProcess>? LeftInLog { get; set; }

    /// <summary>Another program holds the file's write lock.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Nothing can be written, and everything be read.</summary>
    public bool IsFull { get; private set; }

    /// <summary>A partition of the ledger tries to commit.</summary>
    public void Ask(string partition)
    {
        if (IsFull)
        {
            _askedWhileFull[partition] = _askedWhileFull.GetValueOrDefault(partition) + 1;
        }
    }

    public void Fill() => IsFull = true;

    /// <summary>There is room again.</summary>
    /// <param name="lasted">How long there was none.</param>
    public void Clear(TimeSpan lasted)
    {
        IsFull = false;
        // The pause between two tries grows to a second; it begins anew with each start of the process.
        var most = 60 + (4 * lasted.TotalSeconds);
        foreach (var (partition, asked) in _askedWhileFull.Where(one => one.Value > most))
        {
            violated($"{partition} asked a full disk {asked} times in {lasted.TotalSeconds:F0} s");
        }

        _askedWhileFull.Clear();
    }
}

/// <summary>How often each thing happened that only embedded tables do.</summary>
public sealed record EmbeddedFaults
{
    /// <summary>Groups of several transactions that were committed.</summary>
    public long Groups { get; set; }

    /// <summary>Groups of several of which one was in conflict and the rest landed.</summary>
    public long ConflictsInGroups { get; set; }

    /// <summary>Groups of several that failed as one.</summary>
    public long SharedFailures { get; set; }

    /// <summary>Groups that were told that they failed, and are in the file.</summary>
    public long DurableAndFailed { get; set; }

    /// <summary>Groups that were told that they failed, and came back with the next start.</summary>
    public long CameBack { get; set; }

    /// <summary>Commits that took up to eight seconds.</summary>
    public long Stalls { get; set; }

    /// <summary>Transactions that a full disk refused.</summary>
    public long Full { get; set; }

    /// <summary>Reads that were answered meanwhile.</summary>
    public long ReadsWhileFull { get; set; }

    /// <summary>Transactions that were refused as another program held the file.</summary>
    public long Locked { get; set; }

    /// <summary>Power cuts.</summary>
    public long PowerCuts { get; set; }

    /// <summary>Transactions of the ledger that were committed, acknowledged and lost with the power.</summary>
    public long LostCommits { get; set; }

    /// <summary>Adds those of another run.</summary>
    public void Add(EmbeddedFaults other)
    {
        Groups += other.Groups;
        ConflictsInGroups += other.ConflictsInGroups;
        SharedFailures += other.SharedFailures;
        DurableAndFailed += other.DurableAndFailed;
        CameBack += other.CameBack;
        Stalls += other.Stalls;
        Full += other.Full;
        ReadsWhileFull += other.ReadsWhileFull;
        Locked += other.Locked;
        PowerCuts += other.PowerCuts;
        LostCommits += other.LostCommits;
    }
}
