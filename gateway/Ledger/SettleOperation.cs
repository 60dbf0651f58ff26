using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Replaces what a request held by what it used, and leaves the finished record in its row; or, with no record, gives
/// everything back and deletes the row.
/// </summary>
/// <param name="book">Decides the amounts over the quota rows as they are; called again for each attempt.</param>
/// <param name="recordSize">The record's size in bytes, roughly.</param>
/// <param name="idempotency">
/// The idempotency row that goes with the request; null where it has to be read first.
/// </param>
/// <param name="outcome">
/// The outcome to be kept in that row; null deletes it, so that the request may be sent again.
/// </param>
internal sealed class SettleOperation(
    RequestRow open,
    string mark,
    Func<Func<QuotaKey, QuotaRow>, SettlementAmounts> book,
    Func<SettlementAmounts, ReadOnlyMemory<byte>>? record,
    int recordSize,
    IdempotencyRow? idempotency,
    RequestOutcome? outcome,
    LedgerOptions options)
    : RequestOperation(
        open.Key, open.Idempotency, needsRead: open.Idempotency is not null && idempotency?.ETag is null)
{
    private readonly Answer<RequestRow?> _answer = new();
    private RequestRow? _finished;
    private string _etag = open.ETag!;
    private int _index;
    private bool _hasReread;
    private bool _hasReadIdempotency;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = QuotasOf(open.Holds, static hold => hold.Quota);

    public override int Size => 1024 + recordSize + ((outcome?.Body?.Length ?? 0) * 4 / 3);

    /// <summary>The row as settled; null where recovery took it or it was settled before.</summary>
    public Answer<RequestRow?> Answer => _answer;

    public override async Task ReadOwnRowsAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        await base.ReadOwnRowsAsync(store, org, cancellation);
        _hasReadIdempotency = true;
    }

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas)
    {
        ClearDoubt();
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
        // 1. A copy of a quota row from before the hold does not include it, and the hold would never be given back.
        if (!_hasReread && Behind(draft) is { Count: > 0 } behind)
        {
            _hasReread = true;
            draft.Outdated.UnionWith(behind);
            return OperationDecision.Later;
        }

        // 2. Holds become what was used. A row of a later window has nothing of the hold any more and stays as it is.
        var booked = book(draft.Working);
        var reached = new List<ReachedThreshold>();
        for (var index = 0; index < Math.Min(open.Holds.Count, booked.Amounts.Count); index++)
        {
            var (hold, amount) = (open.Holds[index], booked.Amounts[index]);
            var row = draft.Working(hold.Quota);
            if (!IsUnwritten(hold) && row.Includes(hold))
            {
                var settled = row.Settle(hold, amount);
                // Not of an end user: there may be a million of them. Only with a record, which carries what was
                // reached to whoever sends the notices.
                var isTold = record is not null && !hold.Quota.IsOfEndUser;
                var isNoted = isTold && amount > 0 && row.Window.Id == hold.Window;
                draft.Change(isNoted ? Thresholds.Note(settled, options.LowCreditNanos, reached) : settled);
            }
        }

        // 3. The request's row keeps the record until the queue has it.
        if (record is null)
        {
            draft.Add(new LedgerWrite.DeleteRequest(Row, _etag));
        }
        else
        {
            _finished = open with { Mark = mark, Open = false, Record = record(booked with { Reached = reached }), ETag = _etag };
            _index = draft.Add(new LedgerWrite.PutRequest(_finished));
        }

        SettleIdempotency(draft);
        return OperationDecision.WithCommit;
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        ClearDoubt();
        End(_finished is null ? open : _finished with { ETag = etags[_index] });
    }

    public override void Fail(Exception error)
    {
        _answer.TryFail(error);
        Ended = true;
    }

    private void SettleIdempotency(LedgerDraft draft)
    {
        var row = _hasReadIdempotency ? StoredIdempotency : idempotency;
        if (row?.ETag is not { } etag || row.RequestId != open.RequestId)
        {
            return;
        }

        draft.Add(outcome is null
            ? new LedgerWrite.DeleteIdempotency(row.Key, etag)
            : new LedgerWrite.PutIdempotency(row with { Outcome = outcome.Trimmed }));
    }

    private List<QuotaKey>? Behind(LedgerDraft draft)
    {
        List<QuotaKey>? behind = null;
        for (var index = 0; index < open.Holds.Count; index++)
        {
            var hold = open.Holds[index];
            if (!IsUnwritten(hold) && IsBehind(draft, hold))
            {
                (behind ??= []).Add(hold.Quota);
            }
        }

        return behind;
    }

    /// <summary>
    /// Tells whether this process's copy of a quota row is older than the hold, which another process took, so that the
    /// row must be read again.
    /// </summary>
    private static bool IsBehind(LedgerDraft draft, Hold hold)
    {
        var row = draft.Committed(hold.Quota).Row;
        if (ConcurrencyLeases.IsName(hold.Window))
        {
            return !row.Leases.Contains(hold.Window) && !ConcurrencyLeases.IsOver(hold.Window, draft.Now);
        }

        // Ids of one kind of window have one length, and sort by time.
        var isSameKind = row.Window.Id?.Length == hold.Window.Length;
        return row.Window.Id is null || (isSameKind && string.CompareOrdinal(row.Window.Id, hold.Window) < 0);
    }

    /// <summary>
    /// Tells whether the reservation has left a quota row as it was: it has begun no counter of an end user.
    /// </summary>
    private static bool IsUnwritten(Hold hold) => hold is { Quota.Source: EndUserRows.Source, Amount: 0 };

    private void End(RequestRow? row)
    {
        _answer.TrySet(row);
        Ended = true;
    }
}
