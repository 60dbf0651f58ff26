using System.Collections.Concurrent;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// The request rows that something in this process still answers for: a reservation, the request that was admitted by it, a
/// settlement under way. A row of this instance that nobody holds was left behind, and recovery, which visits only the dead,
/// would not find it.
/// </summary>
public sealed class HeldRows
{
    private readonly ConcurrentDictionary<RequestKey, int> _holders = [];
    private readonly ConcurrentDictionary<string, bool> _touched = new(StringComparer.Ordinal);

    /// <summary>Adds one who answers for the row.</summary>
    public void Hold(RequestKey row) => _holders.AddOrUpdate(row, 1, static (_, holders) => holders + 1);

    /// <summary>Takes one away.</summary>
    /// <param name="org">Whose row it is: its rows are looked at next.</param>
    public void Release(string org, RequestKey row)
    {
        _touched[org] = true;
        if (_holders.AddOrUpdate(row, 0, static (_, holders) => holders - 1) <= 0)
        {
            _holders.TryRemove(new KeyValuePair<RequestKey, int>(row, 0));
        }
    }

    public bool IsHeld(RequestKey row) => _holders.GetValueOrDefault(row) > 0;

    /// <summary>The orgs of rows that were released since the last call.</summary>
    public IReadOnlyList<string> TakeTouched() =>
        [.. _touched.Keys.Order(StringComparer.Ordinal).Where(org => _touched.TryRemove(org, out _))];

    /// <summary>Has an org looked at again.</summary>
    public void Touch(string org) => _touched[org] = true;
}
