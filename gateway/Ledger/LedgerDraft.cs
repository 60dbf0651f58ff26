namespace Freeway.Gateway.Ledger;

/// <summary>
/// One transaction in the making: working copies of the quota rows over the committed ones, and the writes so far.
/// </summary>
internal sealed class LedgerDraft(IReadOnlyDictionary<QuotaKey, SeenQuota> committed, DateTimeOffset now)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _changed = [];
    private readonly List<LedgerWrite> _requests = [];

    public DateTimeOffset Now => now;

    /// <summary>Quota rows that are too old to refuse by; they are read again before the next round.</summary>
    public HashSet<QuotaKey> Outdated { get; } = [];

    public SeenQuota Committed(QuotaKey key) => committed[key];

    public QuotaRow Working(QuotaKey key) => _changed.GetValueOrDefault(key) ?? committed[key].Row;

    public void Change(QuotaRow row) => _changed[row.Key] = row;

    /// <returns>The index of the write.</returns>
    public int Put(RequestRow row)
    {
        _requests.Add(new LedgerWrite.PutRequest(row));
        return _requests.Count - 1;
    }

    public void Delete(RequestKey key, string etag) => _requests.Add(new LedgerWrite.DeleteRequest(key, etag));

    /// <summary>Request rows first: when several writes would fail, the store then names one of those.</summary>
    public IReadOnlyList<LedgerWrite> Writes => [.. _requests, .. _changed.Values.Select(row => new LedgerWrite.PutQuota(row))];

    public int Requests => _requests.Count;
}
