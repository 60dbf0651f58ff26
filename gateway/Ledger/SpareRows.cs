namespace Freeway.Gateway.Ledger;

/// <summary>
/// Remembers finished request rows of this instance whose records the queue has. The next reservation of the org is
/// written over one of them, so that neither a delete nor a transaction of its own is needed to forget it:
/// <code>
///   reserve ──► open ── settle ──► finished ── sent ──► spare ──► the next reserve writes over it
///                                                         │
///                                                         └─────► deleted, where none came for some seconds
/// </code>
/// A row that is lost from here, because the process dies, is sent once more by recovery and then deleted: the activity
/// log drops the second copy.
/// </summary>
/// <param name="owned">A spare row is one that this process answers for, until whoever took it lets go.</param>
internal sealed class SpareRows(OwnedRows owned, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<SpareRow>> _rows = new(StringComparer.Ordinal);

    /// <summary>Adds a row.</summary>
    public void Add(string org, RequestKey row, string etag)
    {
        owned.Hold(row);
        lock (_gate)
        {
            if (!_rows.TryGetValue(org, out var rows))
            {
                _rows[org] = rows = [];
            }

            rows.Add(new SpareRow(row, etag, clock.GetTimestamp()));
        }
    }

    /// <summary>
    /// Takes the row that was added last; null where there is none. The others grow old, and are deleted.
    /// </summary>
    /// <param name="lease">
    /// The right to reserve. A row of an id that it does not cover, in an outage or for good, is not taken and grows
    /// old.
    /// </param>
    public SpareRow? Take(string org, InstanceLease lease)
    {
        lock (_gate)
        {
            if (_rows.GetValueOrDefault(org) is not [.., var last] rows || !lease.Covers(last.Key))
            {
                return null;
            }

            rows.RemoveAt(rows.Count - 1);
            return last;
        }
    }

    /// <summary>Tells whether the row of this name is spare: its record needs not be sent again.</summary>
    public bool Contains(string org, RequestKey row)
    {
        lock (_gate)
        {
            return _rows.GetValueOrDefault(org)?.Exists(spare => spare.Key == row) is true;
        }
    }

    /// <summary>Takes out the rows that have been spare for so long, org by org.</summary>
    public IReadOnlyList<(string Org, SpareRow Row)> TakeOlderThan(TimeSpan age)
    {
        var old = new List<(string Org, SpareRow Row)>();
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            foreach (var org in _rows.Keys.Order(StringComparer.Ordinal).ToList())
            {
                var rows = _rows[org];
                old.AddRange(rows.Where(IsOld).Select(row => (org, row)));
                if (rows.RemoveAll(IsOld) > 0 && rows.Count is 0)
                {
                    _rows.Remove(org);
                }
            }
        }

        return old;

        bool IsOld(SpareRow row) => clock.GetElapsedTime(row.Since, now) >= age;
    }
}

/// <summary>Names a finished row that may be written over, as it is now.</summary>
/// <param name="Since">The timestamp at which it became spare.</param>
internal sealed record SpareRow(RequestKey Key, string ETag, long Since);
