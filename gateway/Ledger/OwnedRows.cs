using System.Collections.Concurrent;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Remembers the request rows that something in this process still answers for: a reservation, the request that was
/// admitted by it, a settlement under way. A row of this instance that nobody holds was left behind, and recovery,
/// which visits only dead instances, would not find it.
/// </summary>
public sealed class OwnedRows
{
    private readonly ConcurrentDictionary<RequestKey, int> _holders = [];
    private readonly ConcurrentDictionary<RequestKey, Func<bool>> _replaced = [];
    private readonly ConcurrentDictionary<(string Instance, string Org), bool> _unsent = [];
    private readonly ConcurrentDictionary<string, bool> _unchecked = new(StringComparer.Ordinal);

    /// <summary>Adds a holder that answers for the row.</summary>
    public void Hold(RequestKey row) => _holders.AddOrUpdate(row, 1, static (_, holders) => holders + 1);

    /// <summary>Takes a holder away.</summary>
    /// <param name="org">The org of the row: its rows are checked next.</param>
    public void Release(string org, RequestKey row)
    {
        _unchecked[org] = true;
        if (_holders.AddOrUpdate(row, 0, static (_, holders) => holders - 1) <= 0)
        {
            _holders.TryRemove(new KeyValuePair<RequestKey, int>(row, 0));
        }
    }

    public bool IsHeld(RequestKey row) => _holders.GetValueOrDefault(row) > 0;

    /// <summary>
    /// Notes that another row may replace this finished one, in a transaction that may still be committed.
    /// </summary>
    /// <param name="row">The finished row.</param>
    /// <param name="mayLand">Whether the transaction still may be committed; called each time.</param>
    public void BeginReplacing(RequestKey row, Func<bool> mayLand) => _replaced[row] = mayLand;

    /// <summary>Notes that this transaction is over. A later one that may replace the same row is not.</summary>
    public void EndReplacing(RequestKey row, Func<bool> mayLand) =>
        _replaced.TryRemove(new KeyValuePair<RequestKey, Func<bool>>(row, mayLand));

    /// <summary>Tells whether another row may still replace this one, whose record must then not be sent.</summary>
    public bool IsBeingReplaced(RequestKey row) =>
        _replaced.TryGetValue(row, out var mayLand) && mayLand();

    /// <summary>Notes that a row was finished whose record nobody waits to send.</summary>
    public void LeaveUnsent(string instance, string org) => _unsent[(instance, org)] = true;

    /// <summary>The instances and orgs of which such rows were finished since the last call.</summary>
    public IReadOnlyList<(string Instance, string Org)> TakeUnsent() =>
        [.. _unsent.Keys
            .OrderBy(partition => partition.Instance, StringComparer.Ordinal)
            .ThenBy(partition => partition.Org, StringComparer.Ordinal)
            .Where(partition => _unsent.TryRemove(partition, out _))];

    /// <summary>The orgs of rows that were released since the last call.</summary>
    public IReadOnlyList<string> TakeUnchecked() =>
        [.. _unchecked.Keys.Order(StringComparer.Ordinal).Where(org => _unchecked.TryRemove(org, out _))];

    /// <summary>Has an org's rows checked at the next call of <see cref="TakeUnchecked"/>.</summary>
    public void CheckLater(string org) => _unchecked[org] = true;
}
