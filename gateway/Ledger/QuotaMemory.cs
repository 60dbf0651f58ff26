using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Ledger;

/// <summary>The quota rows of one org as this process last saw them. Written by the org's actor alone, read by anybody.</summary>
internal sealed class QuotaMemory(LedgerOptions options)
{
    private readonly ConcurrentDictionary<QuotaKey, SeenQuota> _rows = [];

    public IReadOnlyDictionary<QuotaKey, SeenQuota> Rows => _rows;

    public void Learn(QuotaRow row, Moment at) => _rows[row.Key] = new SeenQuota(row, at);

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
    public Refusal? TryRefuse(IReadOnlyList<Take> takes, Moment now)
    {
        var taking = Taking.Of(takes, take => _rows.TryGetValue(take.Quota, out var seen) ? RefusalRule.Certain(take, seen, now, options) : null);
        return taking.Short is [] ? null : QuotaRefusal.Of(taking.Short, now.Calendar);
    }
}
