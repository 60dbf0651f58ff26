namespace Freeway.Gateway.Ledger;

/// <summary>
/// Turns what a request held into what it used, and leaves the finished record in its row;
/// or, with no record, gives everything back and takes the row away.
/// </summary>
internal sealed class SettleOperation(RequestRow open, string mark, IReadOnlyList<long> used, ReadOnlyMemory<byte>? record)
    : LedgerOperation(open.Key)
{
    private readonly TaskCompletionSource<RequestRow?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _etag = open.ETag!;
    private int _index;
    private bool _looked;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = [.. open.Holds.Select(hold => hold.Quota)];

    public override int Size => 1024 + (record?.Length ?? 0);

    /// <summary>The row as settled; null where recovery took it or it was settled before.</summary>
    public Task<RequestRow?> Answer => _answer.Task;

    private RequestRow Finished => open with { Mark = mark, Open = false, Record = record ?? default };

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, SeenQuota> quotas)
    {
        Certain();
        if (found is null && record is null)
        {
            End(Finished);
        }
        else if (found is not null && found.Mark == mark)
        {
            End(found);
        }
        else if (found is null || !found.Open)
        {
            End(null);
        }
        else
        {
            _etag = found.ETag!;
        }
    }

    public override Decided Decide(LedgerDraft draft)
    {
        var behind = open.Holds.Where(hold => IsBehind(draft, hold)).Select(hold => hold.Quota).ToList();
        if (behind.Count > 0 && !_looked)
        {
            _looked = true;
            draft.Outdated.UnionWith(behind);
            return Decided.Later;
        }

        foreach (var (hold, amount) in open.Holds.Zip(used))
        {
            var row = draft.Working(hold.Quota);
            if (row.Window.Id == hold.Window)
            {
                draft.Change(row with { Reserved = Math.Max(0, row.Reserved - hold.Amount), Used = row.Used + amount });
            }
        }

        if (record is null)
        {
            draft.Delete(Row, _etag);
        }
        else
        {
            _index = draft.Put(Finished with { ETag = _etag });
        }

        return Decided.WithCommit;
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        Certain();
        End(record is null ? Finished : Finished with { ETag = etags[_index] });
    }

    public override void Fail(Exception error)
    {
        _answer.TrySetException(error);
        Ended = true;
    }

    /// <summary>True where our copy of a quota row is from before the hold, which another process took: it must be read again.</summary>
    private static bool IsBehind(LedgerDraft draft, Hold hold)
    {
        var row = draft.Committed(hold.Quota).Row;
        return row.Window.Id is null || (row.Window.Id.Length == hold.Window.Length && string.CompareOrdinal(row.Window.Id, hold.Window) < 0);
    }

    private void End(RequestRow? row)
    {
        _answer.TrySetResult(row);
        Ended = true;
    }
}
