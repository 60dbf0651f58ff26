using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>
/// What the upstreams have seen, held against what the ledger has leased: each call that arrived was leased before, and no
/// more run at once than there are places.
/// </summary>
public sealed class UpstreamCalls(Action<string> violated)
{
    private readonly Dictionary<string, long> _arrived = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _leased = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Upstream, string Window), long> _leasedIn = [];
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);
    private readonly List<Call> _running = [];

    /// <summary>Whether a partition of the ledger is an upstream's and no org's.</summary>
    public static bool IsOf(string partition) => partition.StartsWith("upstream|", StringComparison.Ordinal);

    public void Landed(string partition, IReadOnlyList<LedgerWrite> writes)
    {
        foreach (var row in IsOf(partition) ? writes.OfType<LedgerWrite.PutQuota>().Select(put => put.Row) : [])
        {
            var upstream = partition.Split('|')[1];
            if (row.Unit is LimitUnit.ConcurrentRequests)
            {
                _places[upstream] = row.Limit;
            }
            else if (row.Unit is LimitUnit.Requests)
            {
                var before = _leasedIn.GetValueOrDefault((upstream, row.Window.Id));
                _leasedIn[(upstream, row.Window.Id)] = row.Used + row.Reserved;
                _leased[upstream] = _leased.GetValueOrDefault(upstream) + row.Used + row.Reserved - before;
            }
        }
    }

    /// <summary>
    /// Keeps what each window has leased. Put back, leases that were lost still count for the calls made under them, and
    /// no others.
    /// </summary>
    public Action Snapshot() => MemorySnapshot.Of(_leasedIn);

    /// <summary>A call has reached an upstream.</summary>
    public void Arrived(string upstream)
    {
        var calls = _arrived[upstream] = _arrived.GetValueOrDefault(upstream) + 1;
        if (_leased.TryGetValue(upstream, out var leased) && calls > leased)
        {
            violated($"{upstream} got call {calls} with {leased} leased");
        }
    }

    /// <summary>A call begins, by which an upstream is busy until it is disposed of.</summary>
    public IDisposable Begin(string upstream, SimProcess by)
    {
        var call = new Call(_running, upstream, by);
        _running.Add(call);
        var count = _running.Count(one => one.Upstream == upstream && !one.By.IsDead);
        if (_places.TryGetValue(upstream, out var places) && count > places)
        {
            violated($"{upstream} has {count} calls at once, with {places} places");
        }

        return call;
    }

    private sealed record Call(List<Call> Running, string Upstream, SimProcess By) : IDisposable
    {
        public void Dispose() => Running.RemoveAll(call => ReferenceEquals(call, this));
    }
}
