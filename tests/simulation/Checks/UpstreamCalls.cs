using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>
/// What the upstreams have seen, held against what the ledger has leased: each call that arrived was leased before, and no
/// more run at once than there are places.
/// </summary>
public sealed class UpstreamCalls(LedgerModel model, Action<string> violated)
{
    private readonly Dictionary<string, long> _arrived = new(StringComparer.Ordinal);
    private readonly List<Call> _running = [];

    /// <summary>A call has reached an upstream.</summary>
    public void Arrived(string upstream)
    {
        var calls = _arrived[upstream] = _arrived.GetValueOrDefault(upstream) + 1;
        if (model.LeasedCalls(upstream) is { } leased && calls > leased)
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
        if (model.Places(upstream) is { } places && count > places)
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
