using System.Collections.Concurrent;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// The quota rows of one org as this process last saw them. Written by the org's actor alone, read by anybody.
/// </summary>
internal sealed class QuotaCache(LedgerOptions options)
{
    private readonly ConcurrentDictionary<QuotaKey, CachedQuota> _rows = [];

    public IReadOnlyDictionary<QuotaKey, CachedQuota> Rows => _rows;

    public void Learn(QuotaRow row, Moment at) => _rows[row.Key] = new CachedQuota(row, at);

    /// <param name="at">Before the transaction was sent: another may have written since it landed.</param>
    public void Learn(IReadOnlyList<LedgerWrite> landed, IReadOnlyList<string?> etags, Moment at)
    {
        foreach (var (write, etag) in landed.Zip(etags))
        {
            if (write is LedgerWrite.PutQuota put)
            {
                Learn(put.Row with { ETag = etag }, at);
            }
        }
    }

    public void Forget(QuotaKey key) => _rows.TryRemove(key, out _);

    public void Clear() => _rows.Clear();

    /// <summary>Refuses while that is certain to hold.</summary>
    public Refusal? TryRefuse(IReadOnlyList<Claim> takes, SizedClaims? smaller, Moment now)
    {
        var least = smaller?.At(smaller.Least) ?? takes;
        var taking = Allocation.Of(least, Certain) with { Size = smaller?.Least };
        return taking.Short is [] ? null : QuotaRefusal.Of(taking, taking.Short, now.Calendar);

        QuotaState? Certain(Claim take) =>
            _rows.TryGetValue(take.Quota, out var seen) ? CachedRefusalRule.Certain(take, seen, now, options) : null;
    }
}

/// <summary>What a row that we remember is worth as a reason to refuse without reading it again.</summary>
internal static class CachedRefusalRule
{
    /// <summary>
    /// The least that is certainly taken: an open reservation may be given back any moment, so it counts for a second;
    /// settled use never falls within a window, so it counts for long. Null where the row is too old to say anything.
    /// </summary>
    public static QuotaState? Certain(Claim take, CachedQuota seen, Moment now, LedgerOptions options)
    {
        var state = QuotaState.Of(take.Bound, seen.Row, now.Calendar);
        var age = now.Since(seen.At);
        return age <= options.OpenRefusalAge ? state
            : age <= options.SettledRefusalAge ? state with { Reserved = 0 }
            : null;
    }
}

/// <summary>A quota row with the moment at which it was last known to be the committed one.</summary>
internal sealed record CachedQuota(QuotaRow Row, Moment At);
