using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Takes from all limits that bind, together with the request's row, or from none.</summary>
/// <remarks>
/// The caller may leave at any moment, and an attempt's outcome may stay unknown for long. So three things are kept
/// apart:
/// <list type="bullet">
/// <item><description><c>_answer</c>: what the caller hears, at most once.</description></item>
/// <item><description><c>_progress</c>: whether anything was ever sent, which the caller who leaves has to
/// know.</description></item> <item><description><c>InDoubt</c>: whether an attempt may still be committed. While it
/// may, the operation goes on, answered or not: it is found committed and given back, or it is fenced, see
/// <see cref="Fence"/>.</description></item>
/// </list>
/// </remarks>
/// <param name="mark">Unique to this reservation: by it an attempt in doubt is recognized in the request's row.</param>
/// <param name="idempotency">
/// The idempotency row to be written too; another request's row there refuses this one.
/// </param>
/// <param name="replaced">
/// The finished row of an earlier reservation of the same request, which failed: this one replaces it, in one
/// transaction, so that a request never has two rows. Null where this is the first.
/// </param>
/// <param name="spare">
/// The finished row, of the same name and with its record sent, that this one is written over; null where the row is
/// new.
/// </param>
internal sealed class ReserveOperation(
    string org,
    RequestKey row,
    string mark,
    string requestId,
    IReadOnlyList<Claim> claims,
    SizedClaims? smaller,
    ReadOnlyMemory<byte> draftRecord,
    IdempotencyRow? idempotency,
    RequestRow? replaced,
    SpareRow? spare,
    InstanceLease lease,
    LedgerOptions options)
    : RequestOperation(row, idempotency?.Key, needsRead: replaced is not null && idempotency is not null)
{
    private readonly Answer<Result<Reservation>> _answer = new();

    /// <summary>
    /// The rows that every attempt in doubt was conditional on, with their ETags: one that moves proves all of them
    /// dead.
    /// </summary>
    private Dictionary<QuotaKey, string?> _guards = [];
    private IReadOnlyList<Hold>? _holds;

    /// <summary>
    /// The amounts that were decided last. They stay while an attempt is in doubt, since it may be the one that lands.
    /// </summary>
    private Allocation? _allocation;
    private IReadOnlyList<QuotaState> _limits = [];
    private Refusal? _refusal;
    private RequestOutcome? _outcomeBefore;
    private (int Request, int Idempotency) _index;
    private bool _hasReread;
    private bool _isAdmitted;
    private SpareRow? _spare = spare;

    /// <summary>The reservation of a caller who had left before the answer.</summary>
    private Reservation? _abandoned;
    private int _progress = Progress.Waiting;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = QuotasOf(claims, static claim => claim.Quota);

    public override IReadOnlyList<object> OwnRows =>
        replaced is null ? base.OwnRows : [.. base.OwnRows, replaced.Key];

    public override int Size => 1536 + draftRecord.Length;

    public Answer<Result<Reservation>> Answer => _answer;

    public override RequestKey? ReplacedRow => replaced?.Key;

    public override bool PassesOwnership => _isAdmitted && _abandoned is null;

    /// <summary>The row to be written over, where the operation has ended without doing so; null where none is.</summary>
    public SpareRow? UnusedSpare => Ended && !InDoubt && !_isAdmitted ? _spare : null;

    /// <summary>Notes that the caller leaves. False if the answer was there first.</summary>
    /// <param name="isCertain">Whether nothing was ever sent to the store: then nothing was taken, nor will be.</param>
    public bool TryAbandon(out bool isCertain)
    {
        isCertain = Interlocked.Exchange(ref _progress, Progress.Abandoned) is Progress.Waiting;
        return _answer.TryCancel();
    }

    /// <summary>
    /// Makes the operation that gives back a reservation whose caller had left; null where there is none to give back.
    /// The record of the reservation that it had replaced comes back as it was.
    /// </summary>
    public SettleOperation? CreateRevocation()
    {
        if (_abandoned is not { } abandoned)
        {
            return null;
        }

        // The counters of end users that it has begun are there.
        var zero = new SettlementAmounts(
            0, 0, [.. abandoned.Holds.Select(hold => hold.Quota.Source is EndUserRows.Source ? hold.Amount : 0L)]);
        return new SettleOperation(
            abandoned.Open,
            $"{requestId} revoked",
            _ => zero,
            replaced is null ? null : _ => replaced.Record,
            replaced?.Record.Length ?? 0,
            abandoned.Idempotency,
            _outcomeBefore,
            options)
        {
            LeavesUnsentRecord = replaced is not null,
        };
    }

    public override void MarkInDoubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards)
    {
        // A transaction without writes of this operation leaves nothing to doubt.
        if (_holds is null && !InDoubt)
        {
            return;
        }

        // A fence is no attempt: what the attempts before it were conditional on stays.
        if (_holds is not null)
        {
            var own = Quotas.Where(key => guards.ContainsKey(key) && (!InDoubt || _guards.ContainsKey(key)));
            _guards = own.ToDictionary(key => key, key => guards[key].Row.ETag);
        }

        base.MarkInDoubt(guards);
    }

    public override void NotSent()
    {
        if (!InDoubt)
        {
            Interlocked.CompareExchange(ref _progress, Progress.Waiting, Progress.Sent);
        }
    }

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas)
    {
        if (found is not null && found.Mark == mark)
        {
            ClearDoubt();
            var stored = IsOwnAttempt(StoredIdempotency) ? StoredIdempotency : idempotency;
            Admit(found.Holds, found.ETag!, States(key => quotas[key].Row), stored);
        }
        else if (found is { Open: false } && found.RequestId == requestId)
        {
            // It was committed, and recovery took this instance for dead and has booked it as aborted: a record tells
            // so.
            _spare = null;
            EndUnknown();
        }
        else if (found is not null && found.ETag != _spare?.ETag)
        {
            ClearDoubt();
            Fail(new InvalidOperationException($"The request row of {requestId} belongs to another write."));
        }
        else if (_spare is not null && found is null)
        {
            // The row that the attempt would be written over is gone, and with it the ETag that the attempt asks for.
            _spare = null;
            EndAttempt();
        }
        else if (_guards.Any(guard => quotas[guard.Key].Row.ETag != guard.Value))
        {
            // A row that guarded the attempt has moved, and the request's row was not there after that.
            EndAttempt();
        }
    }

    public override bool MayLand() => !Ended && _progress is not Progress.Waiting;

    public override OperationDecision Decide(LedgerDraft draft)
    {
        (_holds, _refusal) = (null, null);
        // 1. Whose caller has been answered or has left only ends what is in doubt.
        if (_progress is Progress.Abandoned || _answer.IsSet)
        {
            return InDoubt ? Fence(draft) : End();
        }

        // 2. Recovery may be through with this instance's rows: one that is written now would lie there for ever, and
        // one that was written before may be booked, sent and gone.
        if (!lease.Covers(Row))
        {
            _answer.TrySet(InDoubt ? Unknown() : Refuse.QuotaUnavailable());
            return InDoubt ? Fence(draft) : End();
        }

        // 3. Another request has used the Idempotency-Key.
        if (StoredIdempotency is { } other && other.RequestId != requestId && other.IsCurrent(draft.Now))
        {
            return other.Outcome is null
                ? Refused(Refuse.RequestInProgress(other.RequestId), draft)
                : Refused(Refuse.AlreadyCompleted(other.RequestId), draft);
        }

        // 4. All limits reach: admitted, if this transaction is committed.
        var allocation = InDoubt && _allocation is { } sent
            ? Allocation.Of(sent.Claims, draft.Working, draft.Now) with { Size = sent.Size }
            : Allocation.Largest(claims, smaller, draft.Working, draft.Now);
        if (allocation.Shortages is [])
        {
            if (Interlocked.CompareExchange(ref _progress, Progress.Sent, Progress.Waiting) is Progress.Abandoned)
            {
                return InDoubt ? Fence(draft) : End();
            }

            _allocation = allocation;
            Write(allocation.Amounts, draft);
            return OperationDecision.WithCommit;
        }

        var refusal = QuotaRefusal.Of(allocation, allocation.Shortages, draft.Now);
        if (InDoubt)
        {
            return Refused(refusal, draft);
        }

        // 5. Only this batch's own reservations refuse: the answer holds once they are committed.
        var committed = ShortInBoth(
            allocation, Allocation.Of(allocation.Claims, key => draft.Committed(key).Row, draft.Now));
        if (committed.Count is 0)
        {
            _refusal = refusal;
            return OperationDecision.WithCommit;
        }

        // 6. Committed rows refuse: at once where they are certain to, else after they have been read again.
        var certain = _hasReread ? committed : ShortInBoth(allocation, Allocation.Of(allocation.Claims, CertainState));
        if (certain.Count > 0)
        {
            return Refused(QuotaRefusal.Of(allocation, certain, draft.Now), draft);
        }

        _hasReread = true;
        draft.Outdated.UnionWith(Quotas);
        return OperationDecision.Later;

        QuotaState? CertainState(Claim claim) =>
            draft.Committed(claim.Quota).CertainState(claim, draft.Moment, options);
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        ClearDoubt();
        if (_holds is not null)
        {
            var stored = idempotency is null ? null : idempotency with { ETag = etags[_index.Idempotency] };
            Admit(_holds, etags[_index.Request]!, _limits, stored);
            return;
        }

        if (_refusal is not null)
        {
            _answer.TrySet(_refusal);
        }

        Ended = true;
    }

    public override void Fail(Exception error)
    {
        _answer.TryFail(error);
        Ended = !InDoubt;
    }

    /// <summary>
    /// Notes that the last attempt can never be committed any more. That it never was follows only while nobody else
    /// may take this instance's rows away.
    /// </summary>
    private void EndAttempt()
    {
        if (!lease.Covers(Row))
        {
            EndUnknown();
            return;
        }

        ClearDoubt();
        Interlocked.CompareExchange(ref _progress, Progress.Waiting, Progress.Sent);
    }

    private void EndUnknown()
    {
        ClearDoubt();
        _answer.TrySet(Unknown());
        Ended = true;
    }

    private Refusal Unknown() => Refuse.OutcomeUnknown(requestId);

    private QuotaState[] States(Func<QuotaKey, QuotaRow> row)
    {
        var states = new QuotaState[claims.Count];
        for (var index = 0; index < states.Length; index++)
        {
            states[index] = QuotaState.Of(claims[index].Bound, row(claims[index].Quota));
        }

        return states;
    }

    private void Admit(IReadOnlyList<Hold> holds, string etag, IReadOnlyList<QuotaState> limits, IdempotencyRow? stored)
    {
        var reservation = new Reservation(org, Row, requestId, holds, limits, etag)
        {
            Covered = Covered(_allocation?.Claims ?? claims, holds, limits),
            Size = _allocation?.Size,
            Idempotency = stored,
        };
        _isAdmitted = true;
        if (!_answer.TrySet(reservation))
        {
            _abandoned = reservation;
        }

        Ended = true;
    }

    /// <summary>
    /// Finds what the gifts would cover, from the rows after the reservation, so that a landed attempt tells it, too.
    /// </summary>
    private static long Covered(
        IReadOnlyList<Claim> claims, IReadOnlyList<Hold> holds, IReadOnlyList<QuotaState> limits)
    {
        long? covered = null;
        for (var index = 0; index < claims.Count; index++)
        {
            if (claims[index].Kind is ClaimKind.Gift)
            {
                var reach = Math.Min(claims[index].Amount, holds[index].Amount + limits[index].Remaining);
                covered = Math.Min(covered ?? long.MaxValue, reach);
            }
        }

        return covered ?? 0;
    }

    /// <summary>Adds the holds and all own rows to the transaction.</summary>
    private void Write(IReadOnlyList<long> amounts, LedgerDraft draft)
    {
        var holds = new Hold[claims.Count];
        for (var index = 0; index < holds.Length; index++)
        {
            var (claim, amount) = (claims[index], amounts[index]);
            holds[index] = Hold(claim, amount, draft, writes: claim.Kind is not ClaimKind.NewRows || amount > 0);
        }

        _holds = holds;
        _limits = States(draft.Working);
        var request = new RequestRow(Row, mark, true, requestId, _holds, draftRecord, _spare?.ETag)
        {
            Idempotency = idempotency?.Key,
        };
        _index.Request = draft.Add(new LedgerWrite.PutRequest(request));
        if (replaced is not null)
        {
            draft.Add(new LedgerWrite.DeleteRequest(replaced.Key, replaced.ETag!));
        }

        if (idempotency is not null)
        {
            var isOfEarlierReservation = StoredIdempotency?.RequestId == requestId;
            _outcomeBefore = (isOfEarlierReservation ? StoredIdempotency?.Outcome : null) ?? _outcomeBefore;

            // An older row is replaced as it was read. A row of our own attempt is not: adding beside it fails, as it
            // must.
            var etag = IsOwnAttempt(StoredIdempotency) ? null : StoredIdempotency?.ETag;
            _index.Idempotency = draft.Add(new LedgerWrite.PutIdempotency(idempotency with { ETag = etag }));
        }
    }

    /// <summary>
    /// Tells whether an attempt of this reservation wrote the idempotency row: it names this request and has no
    /// outcome, while an earlier reservation of the request has left one.
    /// </summary>
    private bool IsOwnAttempt(IdempotencyRow? row) =>
        row is { Outcome: null } && row.RequestId == requestId;

    /// <summary>Answers with a refusal, once no earlier attempt can be committed any more.</summary>
    private OperationDecision Refused(Refusal refusal, LedgerDraft draft)
    {
        if (InDoubt)
        {
            _refusal = refusal;
            return Fence(draft);
        }

        _answer.TrySet(refusal);
        return End();
    }

    /// <summary>
    /// Rewrites a row that guards the attempt in doubt, unchanged. Once that is committed, the row's ETag has moved and
    /// the attempt can never be committed any more.
    /// </summary>
    private OperationDecision Fence(LedgerDraft draft)
    {
        // To begin an end user's counter for this would not be counted. An attempt that begins one writes the row of
        // new counters, too.
        var guarding = claims.Where(claim => _guards.ContainsKey(claim.Quota)).ToList();
        var fence = guarding.Find(
            claim => !claim.Quota.IsOfEndUser || draft.Working(claim.Quota).Window.Id is not null);
        Hold(fence ?? guarding[0], 0, draft, writes: true);
        return OperationDecision.WithCommit;
    }

    private OperationDecision End()
    {
        Ended = true;
        return OperationDecision.Now;
    }

    /// <summary>Names how far a reservation has come, which a caller who leaves in between has to know.</summary>
    private static class Progress
    {
        /// <summary>No attempt is under way, and none was committed.</summary>
        public const int Waiting = 0;

        /// <summary>An attempt was sent and may have been committed.</summary>
        public const int Sent = 1;

        /// <summary>The caller has left: no attempt is begun any more.</summary>
        public const int Abandoned = 2;
    }

    /// <summary>The limits that are short in both views, as the second saw them.</summary>
    private static List<QuotaShortage> ShortInBoth(Allocation first, Allocation second) =>
        [.. second.Shortages.Where(
            shortage => first.Shortages.Any(other => other.State.Bound == shortage.State.Bound))];

    /// <param name="writes">
    /// Whether the row is written. That of new counters is where one is begun: it is shared by all end users, and
    /// instances need not meet there for those who are known.
    /// </param>
    private Hold Hold(Claim claim, long amount, LedgerDraft draft, bool writes)
    {
        var row = draft.Working(claim.Quota);
        var (changed, hold) = row.Reserve(claim.Bound.Limit, amount, draft.Now, options.LeaseLasts);
        if (writes)
        {
            draft.Change(changed);
        }

        return hold;
    }
}
