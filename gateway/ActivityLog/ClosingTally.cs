using System.Collections.Concurrent;

namespace Freeway.Gateway.ActivityLog;

/// <summary>What a run of the closer has done so far; orgs are closed side by side.</summary>
internal sealed class ClosingTally
{
    private readonly ConcurrentDictionary<DateOnly, int> _rows = [];
    private int _orgs;
    private int _tidied;

    public int Orgs => _orgs;

    public int Tidied => _tidied;

    public int Rows => _rows.Values.Sum();

    public int RowsOf(DateOnly day) => _rows.GetValueOrDefault(day);

    public void Saved(DateOnly day, int rows) => _rows.AddOrUpdate(day, rows, (_, before) => before + rows);

    public void Closed(int tidied)
    {
        Interlocked.Increment(ref _orgs);
        Interlocked.Add(ref _tidied, tidied);
    }
}
