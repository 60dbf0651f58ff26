using System.Collections.Concurrent;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Remembers the quota rows of one ledger partition, with their ETags, as this process last saw them. The partition's
/// loop alone changes it; anybody may read it.
/// </summary>
internal sealed class QuotaCache(string partition, ILedgerStore store, TimeProvider clock)
{
    private readonly ConcurrentDictionary<QuotaKey, CachedQuota> _rows = [];

    public IReadOnlyDictionary<QuotaKey, CachedQuota> Rows => _rows;

    /// <summary>Tells whether all the rows of an operation are remembered.</summary>
    public bool HasAllOf(LedgerOperation operation)
    {
        for (var index = 0; index < operation.Quotas.Count; index++)
        {
            if (!_rows.ContainsKey(operation.Quotas[index]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the rows that are not remembered, or all of these.</summary>
    /// <returns>The keys of the rows that were read.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlySet<QuotaKey>> ReadAsync(IEnumerable<QuotaKey> keys, bool all)
    {
        var missing = keys.Where(key => all || !_rows.ContainsKey(key)).ToHashSet();
        if (missing.Count > 0)
        {
            // The age of a row counts from before the read: another may have written it since it was read.
            var at = Moment.Now(clock);
            foreach (var row in await store.ReadQuotasAsync(partition, missing, CancellationToken.None))
            {
                _rows[row.Key] = new CachedQuota(row, at);
            }
        }

        return missing;
    }

    /// <summary>Remembers the rows of a committed transaction.</summary>
    /// <param name="etags">The ETag of each write, in order.</param>
    /// <param name="at">When the transaction was begun: another may have written since it was committed.</param>
    public void Apply(IReadOnlyList<LedgerWrite> writes, IReadOnlyList<string?> etags, Moment at)
    {
        foreach (var (write, etag) in writes.Zip(etags))
        {
            if (write is LedgerWrite.PutQuota put)
            {
                _rows[put.Row.Key] = new CachedQuota(put.Row with { ETag = etag }, at);
            }
        }
    }

    public void Forget(QuotaKey key) => _rows.TryRemove(key, out _);

    /// <summary>
    /// Forgets the rows that were seen longest ago where more than so many are remembered: each end user has some. Call
    /// it between transactions only.
    /// </summary>
    public void Trim(int most)
    {
        if (_rows.Count <= most)
        {
            return;
        }

        // A quarter goes at once, so that the rows are seldom sorted.
        var now = Moment.Now(clock);
        var oldest = _rows.OrderByDescending(pair => now.Since(pair.Value.At)).Take(_rows.Count - (most * 3 / 4));
        foreach (var (key, _) in oldest)
        {
            _rows.TryRemove(key, out _);
        }
    }

    public void ForgetOlderThan(TimeSpan age, Moment now)
    {
        foreach (var (key, _) in _rows.Where(pair => now.Since(pair.Value.At) > age))
        {
            _rows.TryRemove(key, out _);
        }
    }

    public void Clear() => _rows.Clear();
}

/// <summary>A quota row with the moment at which it was last known to be the committed one.</summary>
internal sealed record CachedQuota(QuotaRow Row, Moment At)
{
    /// <summary>
    /// The state of a limit by this row, with the least that is certainly taken: an open reservation may be given back
    /// any moment, and a counter may be begun, so both count for a second; settled use never falls within a window, so
    /// it counts for long. Null where the row is too old to refuse by.
    /// </summary>
    public QuotaState? CertainState(Claim claim, Moment now, LedgerOptions options)
    {
        var age = now.Since(At);
        if (age > options.SettledRefusalAge)
        {
            return null;
        }

        var state = QuotaState.Of(claim.Bound, Row, now.Calendar);
        return age <= options.OpenRefusalAge ? state : state with { Reserved = 0, IsNew = false };
    }
}
