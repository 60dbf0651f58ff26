using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// One transaction in the making: what all that wait need, and what blocks are filled up with beside it.
/// </summary>
/// <param name="rows">As they count now.</param>
internal sealed class QuotaLeaseRound(Func<QuotaKey, QuotaLeasePool> pools, Func<QuotaKey, QuotaRow> rows, QuotaLeaseOptions options, DateTimeOffset now)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _rows = [];
    private readonly Dictionary<QuotaKey, (long Total, long Largest)> _wanted = [];
    private readonly List<QuotaRow> _writes = [];

    public IReadOnlyList<QuotaRow> Writes => _writes;

    public QuotaRow Row(QuotaKey key) => _rows.TryGetValue(key, out var row) ? row : _rows[key] = rows(key);

    /// <summary>
    /// Adds an attempt where every limit can still give what it wants, beside those that came before it.
    /// </summary>
    /// <param name="shorts">Those that cannot.</param>
    public bool TryAdd(IReadOnlyList<Claim> takes, out IReadOnlyList<QuotaKey> shorts)
    {
        shorts = [.. takes.Where(take => Available(take.Quota) < take.Amount).Select(take => take.Quota)];
        if (shorts.Count > 0)
        {
            return false;
        }

        foreach (var take in takes)
        {
            var (total, largest) = _wanted.GetValueOrDefault(take.Quota);
            _wanted[take.Quota] = (total + take.Amount, Math.Max(largest, take.Amount));
        }

        return true;
    }

    /// <summary>Nothing is written: rows have to be read again first.</summary>
    public void Reconsider() => _writes.Clear();

    public void Draft(IEnumerable<QuotaLeasePool> returning)
    {
        var drafted = returning.Select(pool => pool.Key).ToHashSet();
        var needs = _wanted.Any(want => Need(want.Key) > 0);
        foreach (var (key, want) in needs ? _wanted : [])
        {
            var (pool, row, need) = (pools(key), Row(key), Need(key));
            var more = pool.Prefetch(want.Largest, pool.Room(row, now) - need, options);
            var spare = pool.Left(now) + need - want.Total;

            // A block that is not low is left as it is.
            var grant = need + (spare < more / 2 ? more - spare : 0);
            if (grant > 0 || drafted.Contains(key))
            {
                _writes.Add(pool.Draft(row, grant, now));
                drafted.Remove(key);
            }
        }

        _writes.AddRange(drafted.Select(key => (Pool: pools(key), Row: Row(key))).Select(pair =>
        {
            // What was leased in a window that has passed is gone with it.
            pair.Pool.Room(pair.Row, now);
            return pair.Pool.Draft(pair.Row, 0, now);
        }));
    }

    private long Available(QuotaKey key)
    {
        var pool = pools(key);
        return pool.Room(Row(key), now) + pool.Left(now) - _wanted.GetValueOrDefault(key).Total;
    }

    private long Need(QuotaKey key) => Math.Max(0, _wanted[key].Total - pools(key).Left(now));
}
