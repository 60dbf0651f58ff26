using System.Diagnostics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// The only writer of one org's rows in this process. While one transaction is under way the next one fills:
/// <code>
///   callers ──► queue ──► [ batch ] ── 1 read what is missing ── 2 judge what is in doubt ── 3 decide on copies ── 4 commit ──► answers
///                             ▲                                                                     │
///                             └──── conflict: read again ── unknown: doubt, read again ◄────────────┘
/// </code>
/// Other processes are met only at the rows' ETags. An attempt whose outcome is unknown is neither repeated blindly nor
/// given up: it is judged by the mark in its own row, and absence counts only once a row that guarded it has moved.
/// </summary>
internal sealed class LedgerPartition(
    string org, ILedgerStore store, OwnedRows held, TimeProvider clock, Random random, LedgerOptions options, ILogger logger)
    : SingleWriterQueue<LedgerOperation>
{
    private readonly QuotaCache _quotas = new(org, store, clock);
    private readonly CommitBackoff _backOff = new(clock, random, options.OutageBackOff);
    private DateTimeOffset _lastUsed = clock.GetUtcNow();

    /// <summary>The operations of the transaction under way that have not ended yet.</summary>
    private List<LedgerOperation> _batch = [];

    protected override bool HasOtherWork => _batch.Count > 0;

    /// <summary>Queues an operation. False where the partition was closed: fetch another.</summary>
    public bool TryEnqueue(LedgerOperation operation)
    {
        lock (Gate)
        {
            if (!TryAdd(operation))
            {
                return false;
            }

            Own(operation);
            _lastUsed = clock.GetUtcNow();
            return true;
        }
    }

    /// <summary>Closes the partition where it has been idle for long. True where it is closed.</summary>
    public bool TryClose(DateTimeOffset now)
    {
        lock (Gate)
        {
            return now - _lastUsed > options.IdleAfter && TryClose();
        }
    }

    /// <summary>Refuses from memory while that is certain to hold: no storage operation, no queueing.</summary>
    public Refusal? TryRefuse(IReadOnlyList<Claim> claims)
    {
        var now = Moment.Now(clock);
        var allocation = Allocation.Of(
            claims, claim => _quotas.Rows.GetValueOrDefault(claim.Quota)?.CertainState(claim, now, options));
        return allocation.Shortages is [] ? null : QuotaRefusal.Of(allocation.Shortages, now.Calendar);
    }

    protected override Task RunRoundAsync()
    {
        if (_batch.Count is 0)
        {
            _batch = Dequeue(new LedgerBatch().TryAdd);
        }

        return FinishAsync(_batch);
    }

    /// <summary>
    /// Logs a bug of the loop itself; a bug of one operation has failed that one alone by now. What was sent stays in doubt
    /// and is resolved in further rounds, so that no hold is left behind.
    /// </summary>
    protected override async Task OnRoundFailedAsync(Exception error)
    {
        LedgerLog.BatchFailed(logger, org, error);
        _quotas.Clear();
        _batch.ForEach(operation => Try(operation, () => operation.Fail(error)));
        RemoveEnded(_batch, operation => operation.Ended);
        await _backOff.AfterUnknownAsync(CancellationToken.None);
    }

    /// <summary>Goes round until every operation of the batch has ended.</summary>
    private async Task FinishAsync(List<LedgerOperation> pending)
    {
        var most = pending.Count;
        var fresh = false;
        while (pending.Count > 0)
        {
            var round = pending.Take(most).ToList();
            await SeeAsync(round);
            round.RemoveAll(operation => operation.NeedsRead);
            var outcome = round.Count > 0 && await TryReadAsync(round, fresh) ? await CommitAsync(round) : CommitOutcome.Unknown;
            fresh = outcome.Verdict is CommitVerdict.Conflict or CommitVerdict.Unknown or CommitVerdict.NotSent;
            if (outcome.Verdict is CommitVerdict.Invalid && outcome.FailedIndex is null)
            {
                most = Math.Max(1, most / 2);
            }

            QueueRevocations(pending);
            RemoveEnded(pending, operation => operation.Ended);
            await (outcome.Verdict switch
            {
                CommitVerdict.Committed => pending.Count > 0 ? Task.CompletedTask : _backOff.AfterCommitAsync(CancellationToken.None),
                CommitVerdict.Conflict => _backOff.AfterConflictAsync(CancellationToken.None),
                CommitVerdict.Unknown => _backOff.AfterUnknownAsync(CancellationToken.None),
                CommitVerdict.Invalid or CommitVerdict.NotSent => _backOff.AfterUnknownAsync(CancellationToken.None),
            });
        }
    }

    /// <summary>Each for itself: many reads that must all succeed together never do under faults.</summary>
    private Task SeeAsync(List<LedgerOperation> round) => Task.WhenAll(round.Where(operation => operation.NeedsRead).Select(async operation =>
    {
        try
        {
            await operation.ReadOwnRowsAsync(store, org, CancellationToken.None);
        }
        catch (IOException outage)
        {
            LedgerLog.ReadFailed(logger, org, outage.Message);
        }
    }));

    /// <summary>
    /// Steps 1 and 2. First the quota rows, and only then the rows of what is in doubt: a guard that is seen to have moved
    /// before its request row is seen to be absent proves that the attempt can never land.
    /// </summary>
    private async Task<bool> TryReadAsync(List<LedgerOperation> round, bool fresh)
    {
        try
        {
            await _quotas.ReadAsync(round.SelectMany(operation => operation.Quotas), all: fresh);
            foreach (var doubtful in round.OfType<RequestOperation>().Where(operation => operation.InDoubt).GroupBy(operation => operation.Row.Instance).ToList())
            {
                var (first, last) = (doubtful.Min(operation => operation.Row.Sequence), doubtful.Max(operation => operation.Row.Sequence));
                var found = (await store.ReadRequestsAsync(org, doubtful.Key, first, last, CancellationToken.None))
                    .ToDictionary(row => row.Key);
                foreach (var operation in doubtful)
                {
                    Try(operation, () => operation.Judge(found.GetValueOrDefault(operation.Row), _quotas.Rows));
                }
            }

            return true;
        }
        catch (IOException outage)
        {
            LedgerLog.ReadFailed(logger, org, outage.Message);
            return false;
        }
    }

    /// <summary>Steps 3 and 4.</summary>
    private async Task<CommitOutcome> CommitAsync(List<LedgerOperation> round)
    {
        var draft = new LedgerDraft(_quotas.Rows, Moment.Now(clock));
        var included = new List<LedgerOperation>();
        var owners = new List<LedgerOperation>();
        foreach (var operation in round.Where(operation => !operation.Ended).OrderBy(operation => operation is ReserveOperation))
        {
            var decided = OperationDecision.Later;
            if (!Try(operation, () => decided = operation.Decide(draft)))
            {
                // It may have left half of its writes in the draft: the others decide again without it.
                return await CommitAsync(round);
            }

            if (decided is OperationDecision.WithCommit)
            {
                included.Add(operation);
                owners.AddRange(Enumerable.Repeat(operation, draft.OwnCount - owners.Count));
            }
        }

        var writes = draft.Writes;
        var before = included.SelectMany(operation => operation.Quotas).Distinct().ToDictionary(key => key, draft.Committed);
        foreach (var outdated in draft.Outdated)
        {
            _quotas.Forget(outdated);
        }

        if (writes.Count is 0)
        {
            return CommitOutcome.Committed([]);
        }

        var started = clock.GetTimestamp();
        using var span = Tracing.Shared("ledger commit", ActivityKind.Client, included.Select(operation => operation.Trace));
        var outcome = await store.CommitAsync(org, writes, CancellationToken.None);
        _backOff.ObserveRoundTrip(clock.GetElapsedTime(started));
        LedgerMetrics.Committed(included.Count, outcome.Verdict, clock.GetElapsedTime(started));
        switch (outcome.Verdict)
        {
            case CommitVerdict.Committed:
                _quotas.Apply(writes, outcome.ETags, draft.Moment);
                included.ForEach(operation => Try(operation, () => operation.Committed(outcome.ETags)));
                break;
            case CommitVerdict.NotSent:
                included.ForEach(operation => operation.NotSent());
                break;
            case CommitVerdict.Unknown:
            case CommitVerdict.Conflict when outcome.FailedIndex is not { } index || index < owners.Count:
                // A request row in the way may be our own earlier write, and overlapping attempts share rows: doubt them all.
                included.ForEach(operation => operation.MarkInDoubt(before));
                break;
            case CommitVerdict.Invalid when outcome.FailedIndex is { } index && index < owners.Count:
                owners[index].Fail(new InvalidOperationException("The ledger's store does not take this request's row."));
                break;
            case CommitVerdict.Invalid when included.Count is 1 || outcome.FailedIndex is not null:
                included.ForEach(operation => operation.Fail(new InvalidOperationException("The ledger's store does not take this transaction.")));
                break;
        }

        LedgerLog.Committed(logger, org, included.Count, writes.Count, outcome.Verdict);
        return outcome;
    }

    /// <summary>Notes that this process answers for the operation's row until the operation has ended.</summary>
    private void Own(LedgerOperation operation)
    {
        if (operation.OwnedRow is { } row)
        {
            held.Hold(row);
        }

        if (operation.ReplacedRow is { } replaced)
        {
            held.BeginReplacing(replaced, operation.MayLand);
        }
    }

    private void RemoveEnded(List<LedgerOperation> operations, Predicate<LedgerOperation> which)
    {
        foreach (var operation in operations.FindAll(which))
        {
            operations.Remove(operation);
            if (operation.ReplacedRow is { } replaced)
            {
                held.EndReplacing(replaced, operation.MayLand);
            }

            if (operation is { LeavesUnsentRecord: true, OwnedRow: { } unsent })
            {
                held.LeaveUnsent(unsent.Instance, org);
            }

            if (operation is { OwnedRow: { } row, PassesOwnership: false })
            {
                held.Release(org, row);
            }
        }
    }

    /// <summary>Lets an operation act; one that throws fails by itself, and the others go on.</summary>
    private bool Try(LedgerOperation operation, Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception bug)
        {
            LedgerLog.OperationFailed(logger, org, bug);
            operation.Abort(bug);
            return false;
        }
    }

    /// <summary>Queues what gives back the reservations whose callers had left. The loop runs, so nothing closes the queue.</summary>
    private void QueueRevocations(List<LedgerOperation> pending)
    {
        foreach (var revocation in pending.OfType<ReserveOperation>().Select(operation => operation.CreateRevocation()).OfType<SettleOperation>())
        {
            lock (Gate)
            {
                TryAdd(revocation);
                Own(revocation);
            }
        }
    }
}

/// <summary>The operations of one transaction, as many as the store takes: 100 rows, each once, and some spare below 4 MiB.</summary>
internal sealed class LedgerBatch
{
    private const int MostRows = 100;
    private const int MostBytes = 3 * 1024 * 1024;

    private readonly HashSet<QuotaKey> _quotas = [];
    private readonly HashSet<object> _own = [];
    private int _bytes;
    private int _count;

    /// <summary>False where the operation has to wait for the next transaction. The first one always fits.</summary>
    public bool TryAdd(LedgerOperation next)
    {
        if (_count > 0 && !Fits(next))
        {
            return false;
        }

        _quotas.UnionWith(next.Quotas);
        _own.UnionWith(next.OwnRows);
        _bytes += next.Size;
        _count++;
        return true;
    }

    private bool Fits(LedgerOperation next) =>
        !_own.Overlaps(next.OwnRows)
        && _own.Count + next.OwnRows.Count + _quotas.Count + next.Quotas.Count(key => !_quotas.Contains(key)) <= MostRows
        && _bytes + next.Size <= MostBytes;
}
