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
    private static readonly Comparer<SpareRow> ByKey = Comparer<SpareRow>.Create(
        (one, other) => string.CompareOrdinal(one.Key.Instance, other.Key.Instance) is not 0 and var byInstance
            ? byInstance
            : one.Key.Sequence.CompareTo(other.Key.Sequence));

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

            var spare = new SpareRow(row, etag, clock.GetTimestamp());
            var place = rows.BinarySearch(spare, ByKey);
            rows.Insert(place < 0 ? ~place : place, spare);
        }
    }

    /// <summary>
    /// Takes the first row by its name; null where there is none. The others grow old, and are deleted. Requests that
    /// come together thus have rows that lie together: a store that writes pages writes half as many.
    /// </summary>
    /// <param name="lease">
    /// The right to reserve. A row of an id that it does not cover, in an outage or for good, is passed over and grows
    /// old.
    /// </param>
    public SpareRow? Take(string org, InstanceLease lease)
    {
        lock (_gate)
        {
            var rows = _rows.GetValueOrDefault(org) ?? [];
            var first = rows.FindIndex(row => lease.Covers(row.Key));
            if (first < 0)
            {
                return null;
            }

            var taken = rows[first];
            rows.RemoveAt(first);
            return taken;
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
