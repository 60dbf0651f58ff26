using System.Collections.Concurrent;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// The request rows that something in this process still answers for: a reservation, the request that was admitted by
/// it, a settlement under way. A row of this instance that nobody holds was left behind, and recovery, which visits
/// only the dead, would not find it.
/// </summary>
public sealed class OwnedRows
{
    private readonly ConcurrentDictionary<RequestKey, int> _holders = [];
    private readonly ConcurrentDictionary<RequestKey, Func<bool>> _replaced = [];
    private readonly ConcurrentDictionary<(string Instance, string Org), bool> _unsent = [];
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

    /// <summary>Another row may take the place of this finished one, in a transaction that may still land.</summary>
    /// <param name="row">The finished row.</param>
    /// <param name="mayLand">Whether it still may; asked each time.</param>
    public void BeginReplacing(RequestKey row, Func<bool> mayLand) => _replaced[row] = mayLand;

    /// <summary>The same transaction is over, one way or another; a later one for the same row is not.</summary>
    public void EndReplacing(RequestKey row, Func<bool> mayLand) =>
        _replaced.TryRemove(new KeyValuePair<RequestKey, Func<bool>>(row, mayLand));

    /// <summary>
    /// Whether a transaction may still land that takes another row in the place of this one: its record is not to be
    /// sent.
    /// </summary>
    public bool IsBeingReplaced(RequestKey row) => _replaced.TryGetValue(row, out var mayLand) && mayLand();

    /// <summary>A row was finished whose record nobody waits for.</summary>
    public void LeaveUnsent(string instance, string org) => _unsent[(instance, org)] = true;

    /// <summary>Where such rows were finished since the last call.</summary>
    public IReadOnlyList<(string Instance, string Org)> TakeUnsent() =>
        [.. _unsent.Keys.OrderBy(place => place.Instance, StringComparer.Ordinal).ThenBy(place => place.Org, StringComparer.Ordinal)
            .Where(place => _unsent.TryRemove(place, out _))];

    /// <summary>The orgs of rows that were released since the last call.</summary>
    public IReadOnlyList<string> TakeTouched() =>
        [.. _touched.Keys.Order(StringComparer.Ordinal).Where(org => _touched.TryRemove(org, out _))];

    /// <summary>Has an org looked at again.</summary>
    public void Touch(string org) => _touched[org] = true;
}
