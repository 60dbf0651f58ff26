using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Ledger;

/// <summary>Takes from all limits that bind, together with the request's row, or from none.</summary>
internal sealed class ReserveOperation(
    string org, RequestKey row, string mark, string requestId, IReadOnlyList<Take> takes, ReadOnlyMemory<byte> draftRecord, InstanceLease lease, LedgerOptions options)
    : LedgerOperation(row)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource<Decision<Reservation>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<QuotaKey, string?> _guards = [];
    private IReadOnlyList<Hold>? _holds;
    private IReadOnlyList<QuotaState> _limits = [];
    private Refusal? _refusal;
    private int _index;
    private bool _looked;
    private int _abandoned;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = [.. takes.Select(take => take.Quota)];

    public override int Size => 1024 + draftRecord.Length;

    public Task<Decision<Reservation>> Answer => _answer.Task;

    /// <summary>The reservation of a caller who had left before the answer: it has to be given back.</summary>
    public Reservation? Unwanted { get; private set; }

    /// <summary>What a caller is told whose use cannot be counted now.</summary>
    public static Refusal Unavailable() => Refuse.QuotaUnavailable(RetryAfterOutage);

    /// <summary>The caller leaves. False if the answer was there first.</summary>
    public bool TryAbandon()
    {
        Interlocked.Exchange(ref _abandoned, 1);
        return _answer.TrySetCanceled();
    }

    public override void Doubt(IReadOnlyDictionary<QuotaKey, SeenQuota> guards)
    {
        if (_holds is null && !InDoubt)
        {
            return;
        }

        base.Doubt(guards);
        _guards = Quotas.ToDictionary(key => key, key => guards[key].Row.ETag);
    }

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, SeenQuota> quotas)
    {
        if (found is not null && found.Mark == mark)
        {
            Certain();
            Admit(found.Holds, found.ETag!, States(key => quotas[key].Row));
        }
        else if (found is { Open: false } && found.RequestId == requestId)
        {
            // It had landed, and recovery took us for dead and has booked it as aborted.
            Certain();
            _answer.TrySetResult(Unavailable());
            Ended = true;
        }
        else if (found is not null)
        {
            Certain();
            Fail(new InvalidOperationException($"The request row of {requestId} belongs to another write."));
        }
        else if (_guards.Any(guard => quotas[guard.Key].Row.ETag != guard.Value))
        {
            // A row that guarded the attempt has moved, and the request's row was not there after that: it can never land.
            Certain();
        }
    }

    public override Decided Decide(LedgerDraft draft)
    {
        (_holds, _refusal) = (null, null);
        if (_abandoned is 1 || _answer.Task.IsCompleted)
        {
            return InDoubt ? Bury(draft) : End();
        }

        if (!lease.Covers(Row))
        {
            // Recovery may be through with this instance's rows: one that is written now would lie there for ever.
            _answer.TrySetResult(Unavailable());
            return InDoubt ? Bury(draft) : End();
        }

        var spent = Spent(draft.Working, draft.Now);
        if (spent.Count is 0)
        {
            _holds = [.. takes.Select(take => Hold(take, draft))];
            _limits = States(draft.Working);
            _index = draft.Put(new RequestRow(Row, mark, true, requestId, _holds, draftRecord, null));
            return Decided.WithCommit;
        }

        if (InDoubt)
        {
            _refusal = QuotaRefusal.Of(spent, draft.Now);
            return Bury(draft);
        }

        var committed = Spent(key => draft.Committed(key).Row, draft.Now).FindAll(before => spent.Exists(state => state.Bound == before.Bound));
        if (committed.Count is 0)
        {
            // Only this batch's own reservations refuse: answer once they are in.
            _refusal = QuotaRefusal.Of(spent, draft.Now);
            return Decided.WithCommit;
        }

        if ((_looked ? committed : committed.FindAll(state => IsCertain(state, draft))) is { Count: > 0 } certain)
        {
            _answer.TrySetResult(QuotaRefusal.Of(certain, draft.Now));
            return End();
        }

        _looked = true;
        draft.Outdated.UnionWith(Quotas);
        return Decided.Later;
    }

    public override void Committed(IReadOnlyList<string?> etags)
    {
        Certain();
        if (_holds is not null)
        {
            Admit(_holds, etags[_index]!, _limits);
            return;
        }

        if (_refusal is not null)
        {
            _answer.TrySetResult(_refusal);
        }

        Ended = true;
    }

    public override void Fail(Exception error)
    {
        _answer.TrySetException(error);
        Ended = !InDoubt;
    }

    private IReadOnlyList<QuotaState> States(Func<QuotaKey, QuotaRow> row) =>
        [.. takes.Select(take => QuotaState.Of(take.Bound, row(take.Quota)))];

    private void Admit(IReadOnlyList<Hold> holds, string etag, IReadOnlyList<QuotaState> limits)
    {
        var reservation = new Reservation(org, Row, requestId, holds, limits, etag);
        if (!_answer.TrySetResult(reservation))
        {
            Unwanted = reservation;
        }

        Ended = true;
    }

    /// <summary>Rewrites a row that guards the attempt in doubt, as it is: once that is in, the attempt can never land.</summary>
    private Decided Bury(LedgerDraft draft)
    {
        Change(takes[0], 0, draft);
        return Decided.WithCommit;
    }

    private Decided End()
    {
        Ended = true;
        return Decided.Now;
    }

    private List<QuotaState> Spent(Func<QuotaKey, QuotaRow> row, DateTimeOffset now) =>
        [.. takes.Select(take => (take, state: QuotaState.Of(take.Bound, row(take.Quota), now)))
            .Where(pair => pair.state.Remaining < pair.take.Amount).Select(pair => pair.state)];

    private bool IsCertain(QuotaState state, LedgerDraft draft)
    {
        var take = takes.First(candidate => candidate.Bound == state.Bound);
        return RefusalRule.IsCertain(state, take.Amount, draft.Now - draft.Committed(take.Quota).At, options);
    }

    private static Hold Hold(Take take, LedgerDraft draft) => new(take.Quota, Change(take, take.Amount, draft).Window.Id, take.Amount);

    private static QuotaRow Change(Take take, long amount, LedgerDraft draft)
    {
        var limit = take.Bound.Limit;
        var row = draft.Working(take.Quota).Roll(limit.Window, draft.Now);
        var changed = row with { Unit = limit.Unit, Limit = limit.IsPurchased ? row.Limit : limit.Amount, Reserved = row.Reserved + amount };
        draft.Change(changed);
        return changed;
    }
}
