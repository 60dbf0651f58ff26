using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Builds one transaction: working copies of the quota rows over the committed ones, and the writes so far.
/// </summary>
internal sealed class LedgerDraft(IReadOnlyDictionary<QuotaKey, CachedQuota> committed, Moment moment)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _changed = [];
    private readonly List<LedgerWrite> _own = [];

    /// <summary>Gets the moment at which the draft was begun.</summary>
    public Moment Moment => moment;

    public DateTimeOffset Now => moment.Calendar;

    /// <summary>The quota rows that are too old to refuse by: they are read again before the next round.</summary>
    public HashSet<QuotaKey> Outdated { get; } = [];

    /// <summary>
    /// All writes. The operations' own rows come first: when several writes would fail, the store then names one of
    /// those.
    /// </summary>
    public IReadOnlyList<LedgerWrite> Writes =>
        [.. _own, .. _changed.Values.Select(row => new LedgerWrite.PutQuota(row))];

    /// <summary>
    /// Gets the quota rows that the transaction writes, as they were read: it is conditional on all of these.
    /// </summary>
    public Dictionary<QuotaKey, CachedQuota> Guards => _changed.Keys.ToDictionary(key => key, Committed);

    /// <summary>Gets how many writes concern rows that belong to a single operation, as against quota rows.</summary>
    public int OwnCount => _own.Count;

    /// <summary>A quota row as it was last read.</summary>
    public CachedQuota Committed(QuotaKey key) => committed[key];

    /// <summary>A quota row with the changes of this draft.</summary>
    public QuotaRow Working(QuotaKey key) => _changed.GetValueOrDefault(key) ?? committed[key].Row;

    public void Change(QuotaRow row) => _changed[row.Key] = row;

    /// <summary>Adds a write of an operation's own row.</summary>
    /// <returns>The index of the write.</returns>
    public int Add(LedgerWrite write)
    {
        _own.Add(write);
        return _own.Count - 1;
    }
}
