using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Turns what a request held into what it used, and leaves the finished record in its row;
/// or, with no record, gives everything back and takes the row away.
/// </summary>
/// <param name="book">Decides the amounts over the quota rows as they are; asked again for each attempt.</param>
/// <param name="recordSize">In bytes, roughly.</param>
/// <param name="once">The idempotency row that goes with the request; null where it has to be read first.</param>
/// <param name="outcome">What that row tells from now on; null takes it away, and the request may be sent
///     again.</param>
internal sealed class SettleOperation(
    RequestRow open,
    string mark,
    Func<Func<QuotaKey, QuotaRow>, SettlementAmounts> book,
    Func<SettlementAmounts, ReadOnlyMemory<byte>>? record,
    int recordSize,
    IdempotencyRow? once,
    RequestOutcome? outcome,
    LedgerOptions options)
    : RequestOperation(open.Key, open.Repeat, blind: open.Repeat is not null && once?.ETag is null)
{
    private readonly Answer<RequestRow?> _answer = new();
    private RequestRow? _finished;
    private string _etag = open.ETag!;
    private int _index;
    private bool _looked;
    private bool _seen;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = [.. open.Holds.Select(hold => hold.Quota)];

    public override int Size => 1024 + recordSize + ((outcome?.Body?.Length ?? 0) * 4 / 3);

    /// <summary>The row as settled; null where recovery took it or it was settled before.</summary>
    public Answer<RequestRow?> Answer => _answer;

    public override async Task SeeAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        await base.SeeAsync(store, org, cancellation);
        _seen = true;
    }

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas)
    {
        Certain();
        if (found is null && record is null)
        {
            End(open);
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

    public override OperationDecision Decide(LedgerDraft draft)
    {
        var behind = open.Holds.Where(hold => IsBehind(draft, hold)).Select(hold => hold.Quota).ToList();
        if (behind.Count > 0 && !_looked)
        {
            _looked = true;
            draft.Outdated.UnionWith(behind);
            return OperationDecision.Later;
        }

        var booked = book(draft.Working);
        var reached = new List<ReachedThreshold>();
        foreach (var (hold, amount) in open.Holds.Zip(booked.Amounts))
        {
            var row = draft.Working(hold.Quota);
            if (row.Counts(hold))
            {
                var settled = row.Settle(hold, amount);
                // Only with a record, which carries what was reached to whoever sends the notices.
                var isNoted = record is not null && amount > 0 && row.Window.Id == hold.Window;
                draft.Change(isNoted ? Thresholds.Note(settled, options.LowCreditNanos, reached) : settled);
            }
        }

        if (record is null)
        {
            draft.Add(new LedgerWrite.DeleteRequest(Row, _etag));
        }
        else
        {
            _finished = open with { Mark = mark, Open = false, Record = record(booked with { Reached = reached }), ETag = _etag };
            _index = draft.Add(new LedgerWrite.PutRequest(_finished));
        }

        SettleRepeat(draft);
        return OperationDecision.WithCommit;
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        Certain();
        End(_finished is null ? open : _finished with { ETag = etags[_index] });
    }

    public override void Fail(Exception error)
    {
        _answer.TryFail(error);
        Ended = true;
    }

    private void SettleRepeat(LedgerDraft draft)
    {
        var row = _seen ? Seen : once;
        if (row?.ETag is not { } etag || row.RequestId != open.RequestId)
        {
            return;
        }

        draft.Add(outcome is null ? new LedgerWrite.DeleteRepeat(row.Key, etag) : new LedgerWrite.PutRepeat(row with { Outcome = outcome.Kept }));
    }

    /// <summary>
    /// True where our copy of a quota row is from before the hold, which another process took: it must be read again.
    /// </summary>
    private static bool IsBehind(LedgerDraft draft, Hold hold)
    {
        var row = draft.Committed(hold.Quota).Row;
        return ConcurrencyLeases.IsName(hold.Window)
            ? !row.Leases.Contains(hold.Window) && !ConcurrencyLeases.IsOver(hold.Window, draft.Now)
            : row.Window.Id is null || (row.Window.Id.Length == hold.Window.Length && string.CompareOrdinal(row.Window.Id, hold.Window) < 0);
    }

    private void End(RequestRow? row)
    {
        _answer.TrySet(row);
        Ended = true;
    }
}
