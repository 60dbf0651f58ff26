namespace Freeway.Gateway.Ledger;

/// <summary>
/// Collects the operations of one transaction, as many as the store takes: 100 rows, each once, and well below 4 MiB.
/// </summary>
internal sealed class LedgerBatch
{
    private const int MostRows = 100;
    private const int MostBytes = 3 * 1024 * 1024;

    private readonly HashSet<QuotaKey> _quotas = [];
    private readonly HashSet<object> _ownRows = [];
    private int _bytes;
    private int _count;

    /// <summary>
    /// Adds an operation. False where it has to wait for the next transaction. The first one always fits.
    /// </summary>
    public bool TryAdd(LedgerOperation next)
    {
        if (_count > 0 && !Fits(next))
        {
            return false;
        }

        _quotas.UnionWith(next.Quotas);
        _ownRows.UnionWith(next.OwnRows);
        _bytes += next.Size;
        _count++;
        return true;
    }

    private bool Fits(LedgerOperation next)
    {
        // Quota rows are shared between operations, own rows are not.
        var quotas = _quotas.Count + next.Quotas.Count(key => !_quotas.Contains(key));
        var rows = quotas + _ownRows.Count + next.OwnRows.Count;
        return rows <= MostRows && _bytes + next.Size <= MostBytes && !_ownRows.Overlaps(next.OwnRows);
    }
}
