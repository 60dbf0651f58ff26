namespace Freeway.Gateway.Ledger;

/// <summary>
/// The operations of one transaction, as many as the store takes: 100 rows, each once, and some spare below 4 MiB.
/// </summary>
internal sealed class LedgerBatch
{
    private const int MostRows = 100;
    private const int MostBytes = 3 * 1024 * 1024;

    private readonly HashSet<QuotaKey> _quotas = [];
    private readonly HashSet<object> _own = [];
    private int _bytes;

    public List<LedgerOperation> Operations { get; } = [];

    /// <summary>False where the operation has to wait for the next transaction. The first one always fits.</summary>
    public bool TryAdd(LedgerOperation next)
    {
        if (Operations.Count > 0 && !Fits(next))
        {
            return false;
        }

        _quotas.UnionWith(next.Quotas);
        _own.UnionWith(next.Rows);
        _bytes += next.Size;
        Operations.Add(next);
        return true;
    }

    private bool Fits(LedgerOperation next) =>
        !_own.Overlaps(next.Rows)
        && _own.Count + next.Rows.Count + _quotas.Count + next.Quotas.Count(key => !_quotas.Contains(key)) <= MostRows
        && _bytes + next.Size <= MostBytes;
}
