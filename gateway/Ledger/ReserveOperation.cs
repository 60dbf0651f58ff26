using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>Takes from all limits that bind, together with the request's row, or from none.</summary>
/// <param name="takes">What the request could use at most.</param>
/// <param name="smaller">
/// What it makes do with where its limits cannot give that; null where it needs the whole.
/// </param>
/// <param name="once">The idempotency row to be written with it; another request's row there refuses.</param>
/// <param name="before">
/// The finished row of an earlier reservation of the same request, which failed: this one takes its place, in one
/// transaction, so that a request never has two rows. Null where this is the first.
/// </param>
internal sealed class ReserveOperation(
    string org,
    RequestKey row,
    string mark,
    string requestId,
    IReadOnlyList<Claim> takes,
    SizedClaims? smaller,
    ReadOnlyMemory<byte> draftRecord,
    IdempotencyRow? once,
    RequestRow? before,
    InstanceLease lease,
    LedgerOptions options)
    : RequestOperation(row, once?.Key, blind: before is not null && once is not null)
{
    public static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);
    private readonly Answer<Result<Reservation>> _answer = new();
    private Dictionary<QuotaKey, string?> _guards = [];
    private IReadOnlyList<Hold>? _holds;

    /// <summary>
    /// What was decided last. It stays as it is while an attempt is in doubt, which may be the one that lands.
    /// </summary>
    private Allocation? _taking;
    private IReadOnlyList<QuotaState> _limits = [];
    private Refusal? _refusal;
    private RequestOutcome? _outcomeBefore;
    private (int Request, int Repeat) _index;
    private bool _looked;
    private bool _isAdmitted;

    /// <summary>The reservation of a caller who had left before the answer.</summary>
    private Reservation? _unwanted;
    private int _progress = Progress.Waiting;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = [.. takes.Select(take => take.Quota)];

    public override IReadOnlyList<object> Rows => before is null ? base.Rows : [.. base.Rows, before.Key];

    public override int Size => 1536 + draftRecord.Length;

    public Answer<Result<Reservation>> Answer => _answer;

    public override RequestKey? ReplacedRow => before?.Key;

    public override bool IsPassedOn => _isAdmitted && _unwanted is null;

    /// <summary>What a caller is told whose use cannot be counted now.</summary>
    public static Refusal Unavailable() => Refuse.QuotaUnavailable(RetryAfterOutage);

    /// <summary>The caller leaves. False if the answer was there first.</summary>
    /// <param name="isCertain">Whether nothing of it was ever sent to the store: then nothing was taken, nor will
    ///     be.</param>
    public bool TryAbandon(out bool isCertain)
    {
        isCertain = Interlocked.Exchange(ref _progress, Progress.Abandoned) is Progress.Waiting;
        return _answer.TryCancel();
    }

    /// <summary>
    /// Gives back a reservation whose caller had left; null where that is not to be done. What it took the place of
    /// comes back: the record of the earlier reservation, as it was.
    /// </summary>
    public SettleOperation? Revocation()
    {
        if (_unwanted is not { } unwanted)
        {
            return null;
        }

        var zero = new SettlementAmounts(0, 0, [.. unwanted.Holds.Select(_ => 0L)]);
        return new SettleOperation(
            unwanted.Open, $"{requestId} revoked", _ => zero, before is null ? null : _ => before.Record, before?.Record.Length ?? 0, unwanted.Once, _outcomeBefore, options)
        {
            LeavesUnsent = before is not null,
        };
    }

    public override void Doubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards)
    {
        if (_holds is null && !InDoubt)
        {
            return;
        }

        base.Doubt(guards);
        _guards = Quotas.ToDictionary(key => key, key => guards[key].Row.ETag);
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
            Certain();
            Admit(found.Holds, found.ETag!, States(key => quotas[key].Row), IsOwnAttempt(Seen) ? Seen : once);
        }
        else if (found is { Open: false } && found.RequestId == requestId)
        {
            // It had landed, and recovery took us for dead and has booked it as aborted: there is a record of it.
            Certain();
            _answer.TrySet(Unknown());
            Ended = true;
        }
        else if (found is not null)
        {
            Certain();
            Fail(new InvalidOperationException($"The request row of {requestId} belongs to another write."));
        }
        else if (_guards.Any(guard => quotas[guard.Key].Row.ETag != guard.Value))
        {
            // A row that guarded the attempt has moved, and the request's row was not there after that: it can never
            // land any more. Whether it had landed shows its absence only to those whose rows nobody else takes away.
            Certain();
            if (lease.Covers(Row))
            {
                Interlocked.CompareExchange(ref _progress, Progress.Waiting, Progress.Sent);
            }
            else
            {
                _answer.TrySet(Unknown());
                Ended = true;
            }
        }
    }

    public override bool MayLand() => !Ended && _progress is not Progress.Waiting;

    public override OperationDecision Decide(LedgerDraft draft)
    {
        (_holds, _refusal) = (null, null);
        if (_progress is Progress.Abandoned || _answer.IsSet)
        {
            return InDoubt ? Bury(draft) : End();
        }

        if (!lease.Covers(Row))
        {
            // Recovery may be through with this instance's rows: one that is written now would lie there for ever, and
            // one that was written before may be booked, sent and gone.
            _answer.TrySet(InDoubt ? Unknown() : Unavailable());
            return InDoubt ? Bury(draft) : End();
        }

        if (Seen is { } other && other.RequestId != requestId && other.Holds(draft.Now))
        {
            return Refused(other.Outcome is null ? Refuse.RequestInProgress(other.RequestId) : Refuse.AlreadyCompleted(other.RequestId), draft);
        }

        var taking = InDoubt && _taking is { } sent
            ? Allocation.Of(sent.Claims, draft.Working, draft.Now) with { Size = sent.Size }
            : Allocation.Largest(takes, smaller, draft.Working, draft.Now);
        if (taking.Short is [])
        {
            if (Interlocked.CompareExchange(ref _progress, Progress.Sent, Progress.Waiting) is Progress.Abandoned)
            {
                return InDoubt ? Bury(draft) : End();
            }

            _taking = taking;
            Take(taking.Amounts, draft);
            return OperationDecision.WithCommit;
        }

        var refusal = QuotaRefusal.Of(taking, taking.Short, draft.Now);
        if (InDoubt)
        {
            return Refused(refusal, draft);
        }

        var committed = Among(taking, Allocation.Of(taking.Claims, key => draft.Committed(key).Row, draft.Now));
        if (committed.Count is 0)
        {
            // Only this batch's own reservations refuse: answer once they are in.
            _refusal = refusal;
            return OperationDecision.WithCommit;
        }

        var certain = _looked ? committed : Among(taking, Allocation.Of(
            taking.Claims, take => CachedRefusalRule.Certain(take, draft.Committed(take.Quota), draft.Moment, options)));
        if (certain.Count > 0)
        {
            return Refused(QuotaRefusal.Of(taking, certain, draft.Now), draft);
        }

        _looked = true;
        draft.Outdated.UnionWith(Quotas);
        return OperationDecision.Later;
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        Certain();
        if (_holds is not null)
        {
            Admit(_holds, etags[_index.Request]!, _limits, once is null ? null : once with { ETag = etags[_index.Repeat] });
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

    private Refusal Unknown() => Refuse.OutcomeUnknown(requestId, RetryAfterOutage);

    private IReadOnlyList<QuotaState> States(Func<QuotaKey, QuotaRow> row) =>
        [.. takes.Select(take => QuotaState.Of(take.Bound, row(take.Quota)))];

    private void Admit(IReadOnlyList<Hold> holds, string etag, IReadOnlyList<QuotaState> limits, IdempotencyRow? repeat)
    {
        var reservation = new Reservation(org, Row, requestId, holds, limits, etag)
        {
            Covered = Covered(_taking?.Claims ?? takes, holds, limits),
            Size = _taking?.Size,
            Once = repeat,
        };
        _isAdmitted = true;
        if (!_answer.TrySet(reservation))
        {
            _unwanted = reservation;
        }

        Ended = true;
    }

    /// <summary>Told from the rows after the reservation, so that a landed attempt tells it, too.</summary>
    private static long Covered(
        IReadOnlyList<Claim> claims, IReadOnlyList<Hold> holds, IReadOnlyList<QuotaState> limits) => Enumerable
        .Range(0, claims.Count)
        .Where(index => claims[index].Kind is ClaimKind.AsFarAsItReaches)
        .Select(index => Math.Min(claims[index].Amount, holds[index].Amount + limits[index].Remaining))
        .DefaultIfEmpty(0)
        .Min();

    private void Take(IReadOnlyList<long> amounts, LedgerDraft draft)
    {
        _holds = [.. takes.Zip(amounts, (take, amount) => Hold(take, amount, draft))];
        _limits = States(draft.Working);
        _index.Request = draft.Add(new LedgerWrite.PutRequest(new RequestRow(Row, mark, true, requestId, _holds, draftRecord, null) { Repeat = once?.Key }));
        if (before is not null)
        {
            draft.Add(new LedgerWrite.DeleteRequest(before.Key, before.ETag!));
        }

        if (once is not null)
        {
            _outcomeBefore = Seen?.RequestId == requestId && Seen.Outcome is { } outcome ? outcome : _outcomeBefore;
            // An older row is replaced as it was seen; one of our own is an attempt of ours, and adding beside it
            // fails as it must.
            _index.Repeat = draft.Add(new LedgerWrite.PutRepeat(once with { ETag = IsOwnAttempt(Seen) ? null : Seen?.ETag }));
        }
    }

    /// <summary>
    /// An earlier reservation of the same request has left its outcome there, an attempt of this one has none.
    /// </summary>
    private bool IsOwnAttempt(IdempotencyRow? row) => row is { Outcome: null } && row.RequestId == requestId;

    /// <summary>Answers with a refusal, once no earlier attempt can land any more.</summary>
    private OperationDecision Refused(Refusal refusal, LedgerDraft draft)
    {
        if (InDoubt)
        {
            _refusal = refusal;
            return Bury(draft);
        }

        _answer.TrySet(refusal);
        return End();
    }

    /// <summary>
    /// Rewrites a row that guards the attempt in doubt, as it is: once that is in, the attempt can never land.
    /// </summary>
    private OperationDecision Bury(LedgerDraft draft)
    {
        Hold(takes[0], 0, draft);
        return OperationDecision.WithCommit;
    }

    private OperationDecision End()
    {
        Ended = true;
        return OperationDecision.Now;
    }

    /// <summary>How far a reservation has come, as its caller has to know who leaves in between.</summary>
    private static class Progress
    {
        /// <summary>No attempt of it is under way, and none has landed.</summary>
        public const int Waiting = 0;

        /// <summary>An attempt was sent and may have landed.</summary>
        public const int Sent = 1;

        /// <summary>The caller has left: no attempt is begun any more.</summary>
        public const int Abandoned = 2;
    }

    /// <summary>The limits that are short in both views, as the second saw them.</summary>
    private static List<QuotaShortage> Among(Allocation taking, Allocation view) =>
        [.. view.Short.Where(shortage => taking.Short.Any(other => other.State.Bound == shortage.State.Bound))];

    private Hold Hold(Claim take, long amount, LedgerDraft draft)
    {
        var (changed, hold) = draft.Working(take.Quota).Reserve(take.Bound.Limit, amount, draft.Now, options.LeaseLasts);
        draft.Change(changed);
        return hold;
    }
}
