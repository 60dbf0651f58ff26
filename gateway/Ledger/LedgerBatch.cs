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

        for (var index = 0; index < next.Quotas.Count; index++)
        {
            _quotas.Add(next.Quotas[index]);
        }

        for (var index = 0; index < next.OwnRows.Count; index++)
        {
            _ownRows.Add(next.OwnRows[index]);
        }

        _bytes += next.Size;
        _count++;
        return true;
    }

    private bool Fits(LedgerOperation next)
    {
        // Quota rows are shared between operations, own rows are not.
        var rows = _quotas.Count + _ownRows.Count + next.OwnRows.Count;
        for (var index = 0; index < next.Quotas.Count; index++)
        {
            rows += _quotas.Contains(next.Quotas[index]) ? 0 : 1;
        }

        return rows <= MostRows && _bytes + next.Size <= MostBytes && !Overlaps(next.OwnRows);
    }

    private bool Overlaps(IReadOnlyList<object> rows)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            if (_ownRows.Contains(rows[index]))
            {
                return true;
            }
        }

        return false;
    }
}
