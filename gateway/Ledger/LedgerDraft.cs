using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// One transaction in the making: working copies of the quota rows over the committed ones, and the writes so far.
/// </summary>
internal sealed class LedgerDraft(IReadOnlyDictionary<QuotaKey, CachedQuota> committed, Moment moment)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _changed = [];
    private readonly List<LedgerWrite> _own = [];

    /// <summary>When it was begun.</summary>
    public Moment Moment => moment;

    public DateTimeOffset Now => moment.Calendar;

    /// <summary>Quota rows that are too old to refuse by; they are read again before the next round.</summary>
    public HashSet<QuotaKey> Outdated { get; } = [];

    /// <summary>
    /// The operations' own rows first: when several writes would fail, the store then names one of those.
    /// </summary>
    public IReadOnlyList<LedgerWrite> Writes => [.. _own, .. _changed.Values.Select(row => new LedgerWrite.PutQuota(row))];

    /// <summary>How many writes are of operations' own rows.</summary>
    public int Own => _own.Count;

    public CachedQuota Committed(QuotaKey key) => committed[key];

    public QuotaRow Working(QuotaKey key) => _changed.GetValueOrDefault(key) ?? committed[key].Row;

    public void Change(QuotaRow row) => _changed[row.Key] = row;

    /// <returns>The index of the write.</returns>
    public int Add(LedgerWrite write)
    {
        _own.Add(write);
        return _own.Count - 1;
    }
}
