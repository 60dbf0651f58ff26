using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Builds one transaction: what all waiting attempts need together, and what the blocks are filled up with beside it.
/// </summary>
/// <param name="rows">The rows as they count now.</param>
internal sealed class QuotaLeaseRound(
    Func<QuotaKey, QuotaLeasePool> pools, Func<QuotaKey, QuotaRow> rows, QuotaLeaseOptions options, DateTimeOffset now)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _rows = [];
    private readonly Dictionary<QuotaKey, (long Total, long Largest)> _needed = [];
    private readonly List<QuotaRow> _writes = [];

    /// <summary>The rows to be written; empty where nothing has to be.</summary>
    public IReadOnlyList<QuotaRow> Writes => _writes;

    public QuotaRow Row(QuotaKey key) => _rows.TryGetValue(key, out var row) ? row : _rows[key] = rows(key);

    /// <summary>
    /// Adds an attempt where every limit can still give what it claims, beside the attempts before it.
    /// </summary>
    /// <param name="shorts">The limits that cannot.</param>
    public bool TryAdd(IReadOnlyList<Claim> claims, out IReadOnlyList<QuotaKey> shorts)
    {
        shorts = [.. claims.Where(claim => Available(claim.Quota) < claim.Amount).Select(claim => claim.Quota)];
        if (shorts.Count > 0)
        {
            return false;
        }

        foreach (var claim in claims)
        {
            var (total, largest) = _needed.GetValueOrDefault(claim.Quota);
            _needed[claim.Quota] = (total + claim.Amount, Math.Max(largest, claim.Amount));
        }

        return true;
    }

    /// <summary>
    /// Drafts the rows of the limits that attempts wait for, and of the pools that have something to give back.
    /// </summary>
    public void Draft(IEnumerable<QuotaLeasePool> returning)
    {
        var undrafted = returning.Select(pool => pool.Key).ToHashSet();

        // A block that runs low is filled up only where the ledger is written to anyway.
        var isWritten = _needed.Keys.Any(key => Missing(key) > 0);
        foreach (var (key, needed) in isWritten ? _needed : [])
        {
            var (pool, row, missing) = (pools(key), Row(key), Missing(key));
            var prefetch = pool.Prefetch(needed.Largest, pool.Grantable(row, now) - missing, options);
            var spare = pool.Remaining(now) + missing - needed.Total;

            // A block that is not low is left as it is.
            var isLow = spare < prefetch / 2;
            var grant = missing + (isLow ? prefetch - spare : 0);
            if (grant > 0 || undrafted.Contains(key))
            {
                _writes.Add(pool.Draft(row, grant, now));
                undrafted.Remove(key);
            }
        }

        foreach (var key in undrafted)
        {
            // Entering the row's window drops what was leased in a window that has passed.
            var (pool, row) = (pools(key), Row(key));
            pool.Grantable(row, now);
            _writes.Add(pool.Draft(row, 0, now));
        }
    }

    private long Available(QuotaKey key)
    {
        var pool = pools(key);
        return pool.Grantable(Row(key), now) + pool.Remaining(now) - _needed.GetValueOrDefault(key).Total;
    }

    /// <summary>Computes how much attempts need of a limit beyond what its pool has.</summary>
    private long Missing(QuotaKey key) => Math.Max(0, _needed[key].Total - pools(key).Remaining(now));
}
