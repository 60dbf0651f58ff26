using System.Diagnostics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Writes one org's rows, as the only writer in this process. While one transaction is under way the next one fills:
/// <code>
///   callers ──► queue ──► batch ──► [ 1 read ── 2 judge doubts ── 3 decide on copies ── 4 commit ] ──► answers
///                                       ▲                                                   │
///                                       └─ conflict: read again ── unknown: doubt, read ◄───┘
/// </code>
/// Other processes are met only at the rows' ETags. An attempt whose outcome is unknown is neither repeated blindly nor
/// given up: it is judged by the mark in its own row, and absence counts only once a row that guarded it has moved.
/// </summary>
internal sealed class LedgerPartition(
    string org,
    ILedgerStore store,
    OwnedRows ownedRows,
    SpareRows spareRows,
    TimeProvider clock,
    Random random,
    LedgerOptions options,
    ILogger logger)
    : SingleWriterQueue<LedgerOperation>
{
    private readonly QuotaCache _quotas = new(org, store, clock);
    private readonly CommitBackoff _backoff = new(clock, random, options.OutageBackOff);
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
    public Refusal? TryRefuse(IReadOnlyList<Claim> claims, SizedClaims? smaller)
    {
        var now = Moment.Now(clock);
        var least = smaller?.At(smaller.Least) ?? claims;
        var allocation = Allocation.Of(
            least, claim => _quotas.Rows.GetValueOrDefault(claim.Quota)?.CertainState(claim, now, options)) with
        {
            Size = smaller?.Least,
        };
        return allocation.Shortages is [] ? null : QuotaRefusal.Of(allocation, allocation.Shortages, now.Calendar);
    }

    protected override Task RunRoundAsync()
    {
        if (_batch.Count is 0)
        {
            _quotas.Trim(options.RowsInMemory);
            _batch = Dequeue(new LedgerBatch().TryAdd);
        }

        return FinishAsync(_batch);
    }

    /// <summary>
    /// Logs a bug of the loop itself; a bug of one operation has failed that one alone by now. What was sent stays in
    /// doubt and is resolved in further rounds, so that no hold is left behind.
    /// </summary>
    protected override async Task OnRoundFailedAsync(Exception error)
    {
        LedgerLog.BatchFailed(logger, org, error);
        _quotas.Clear();
        _batch.ForEach(operation => Try(operation, () => operation.Fail(error)));
        RemoveEnded(_batch);
        await _backoff.AfterUnknownAsync(CancellationToken.None);
    }

    /// <summary>Runs steps 1 to 4 again and again until every operation of the batch has ended.</summary>
    private async Task FinishAsync(List<LedgerOperation> pending)
    {
        var most = pending.Count;
        var mustReread = false;
        while (pending.Count > 0)
        {
            var outcome = await AttemptAsync([.. pending.Take(most)], mustReread);
            mustReread = outcome.Verdict is CommitVerdict.Conflict or CommitVerdict.Unknown or CommitVerdict.NotSent;
            if (outcome.Verdict is CommitVerdict.Invalid && outcome.FailedIndex is null)
            {
                // The store does not say which operation it refuses: halving the batch isolates that one.
                most = Math.Max(1, most / 2);
            }

            QueueRevocations(pending);
            RemoveEnded(pending);
            await BackOffAsync(outcome.Verdict, hasMore: pending.Count > 0);
        }
    }

    private Task BackOffAsync(CommitVerdict verdict, bool hasMore) => verdict switch
    {
        CommitVerdict.Committed when hasMore => Task.CompletedTask,
        CommitVerdict.Committed => _backoff.AfterCommitAsync(CancellationToken.None),
        CommitVerdict.Conflict => _backoff.AfterConflictAsync(CancellationToken.None),
        CommitVerdict.Unknown => _backoff.AfterUnknownAsync(CancellationToken.None),
        CommitVerdict.Invalid or CommitVerdict.NotSent => _backoff.AfterUnknownAsync(CancellationToken.None),
    };

    /// <summary>
    /// Makes one attempt at a transaction. Where rows cannot be read, nothing is sent and the outcome is unknown.
    /// </summary>
    private async Task<CommitOutcome> AttemptAsync(List<LedgerOperation> round, bool mustReread)
    {
        if (round.Exists(operation => operation.NeedsRead))
        {
            await Task.WhenAll(round.Where(operation => operation.NeedsRead).Select(ReadOwnRowsAsync));

            // An operation whose own rows could not be read has its turn in the next round.
            round.RemoveAll(operation => operation.NeedsRead);
        }

        if (round.Count is 0 || !await TryReadAsync(round, mustReread))
        {
            return CommitOutcome.Unknown;
        }

        return await CommitAsync(round);
    }

    /// <summary>
    /// Step 1 for one operation. Each reads for itself: many reads that must all succeed together never do under
    /// faults.
    /// </summary>
    private async Task ReadOwnRowsAsync(LedgerOperation operation)
    {
        try
        {
            await operation.ReadOwnRowsAsync(store, org, CancellationToken.None);
        }
        catch (IOException outage)
        {
            LedgerLog.ReadFailed(logger, org, outage.Message);
        }
    }

    /// <summary>Steps 1 and 2. False in an outage.</summary>
    private async Task<bool> TryReadAsync(List<LedgerOperation> round, bool mustReread)
    {
        try
        {
            // The order matters: first the quota rows, and only then the rows of what is in doubt. A guard that is seen
            // to have moved before its request row is seen to be absent proves that the attempt can never land.
            if (mustReread || !round.TrueForAll(_quotas.HasAllOf))
            {
                await _quotas.ReadAsync(round.SelectMany(operation => operation.Quotas), all: mustReread);
            }

            if (round.Exists(operation => operation.InDoubt))
            {
                var inDoubt = round.OfType<RequestOperation>().Where(operation => operation.InDoubt);
                foreach (var ofInstance in inDoubt.GroupBy(operation => operation.Row.Instance).ToList())
                {
                    await JudgeAsync(ofInstance.Key, [.. ofInstance]);
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

    /// <summary>
    /// Step 2: reads the rows of one instance's operations in doubt by one range query, and judges each.
    /// </summary>
    private async Task JudgeAsync(string instance, List<RequestOperation> inDoubt)
    {
        var first = inDoubt.Min(operation => operation.Row.Sequence);
        var last = inDoubt.Max(operation => operation.Row.Sequence);
        var rows = await store.ReadRequestsAsync(org, instance, first, last, CancellationToken.None);
        var found = rows.ToDictionary(row => row.Key);
        foreach (var operation in inDoubt)
        {
            Try(operation, () => operation.Judge(found.GetValueOrDefault(operation.Row), _quotas.Rows));
        }
    }

    /// <summary>Steps 3 and 4: lets the operations decide over one draft, and commits it.</summary>
    private async Task<CommitOutcome> CommitAsync(List<LedgerOperation> round)
    {
        var draft = new LedgerDraft(_quotas.Rows, Moment.Now(clock));
        var included = new List<LedgerOperation>();
        var owners = new List<LedgerOperation>();

        // Settles and deletes decide before reserves: what they give back can be reserved in the same transaction.
        List<LedgerOperation> inOrder =
        [
            .. round.FindAll(operation => !operation.Ended && operation is not ReserveOperation),
            .. round.FindAll(operation => !operation.Ended && operation is ReserveOperation),
        ];
        foreach (var operation in inOrder)
        {
            var decision = OperationDecision.Later;
            if (!Try(operation, () => decision = operation.Decide(draft)))
            {
                // It may have left half of its writes in the draft: the others decide again without it.
                return await CommitAsync(round);
            }

            if (decision is OperationDecision.WithCommit)
            {
                included.Add(operation);
                while (owners.Count < draft.OwnCount)
                {
                    owners.Add(operation);
                }
            }
        }

        var writes = draft.Writes;
        var guards = draft.Guards;
        foreach (var outdated in draft.Outdated)
        {
            _quotas.Forget(outdated);
        }

        if (writes.Count is 0)
        {
            return CommitOutcome.Committed([]);
        }

        var started = clock.GetTimestamp();
        var traces = included.Select(operation => operation.Trace);
        using var span = Tracing.Shared("ledger commit", ActivityKind.Client, traces);
        var outcome = await store.CommitAsync(org, writes, CancellationToken.None);
        var elapsed = clock.GetElapsedTime(started);
        _backoff.ObserveRoundTrip(elapsed);
        LedgerMetrics.Committed(included.Count, outcome.Verdict, elapsed);
        LedgerLog.Committed(logger, org, included.Count, writes.Count, outcome.Verdict);
        if (outcome.Verdict is CommitVerdict.Committed)
        {
            _quotas.Apply(writes, outcome.ETags, draft.Moment);
        }

        TellOutcome(outcome, included, owners, guards);
        return outcome;
    }

    /// <summary>Says to the operations of a transaction how it ended, as far as the store could tell.</summary>
    /// <param name="owners">
    /// The owner of each write of an own row, in order; the writes of quota rows come after those.
    /// </param>
    /// <param name="guards">The quota rows that the transaction was conditional on.</param>
    private void TellOutcome(
        CommitOutcome outcome,
        List<LedgerOperation> included,
        List<LedgerOperation> owners,
        Dictionary<QuotaKey, CachedQuota> guards)
    {
        switch (outcome.Verdict)
        {
            case CommitVerdict.Committed:
                included.ForEach(operation => Try(operation, () => operation.Committed(outcome.ETags)));
                break;
            case CommitVerdict.NotSent:
                included.ForEach(operation => operation.NotSent());
                break;
            case CommitVerdict.Unknown:
            case CommitVerdict.Conflict when outcome.FailedIndex is not { } index || index < owners.Count:
                // A request row in the way may be our own earlier write, and overlapping attempts share rows: doubt
                // them all.
                included.ForEach(operation => operation.MarkInDoubt(guards));
                break;
            case CommitVerdict.Invalid when outcome.FailedIndex is { } index && index < owners.Count:
                owners[index].Fail(new InvalidOperationException("The ledger's store does not take this request's "
                    + "row."));
                break;
            case CommitVerdict.Invalid when included.Count is 1 || outcome.FailedIndex is not null:
                var refused = new InvalidOperationException("The ledger's store does not take this transaction.");
                included.ForEach(operation => operation.Fail(refused));
                break;
        }
    }

    /// <summary>Notes that this process answers for the operation's row until the operation has ended.</summary>
    private void Own(LedgerOperation operation)
    {
        if (operation.OwnedRow is { } row)
        {
            ownedRows.Hold(row);
        }

        if (operation.ReplacedRow is { } replaced)
        {
            ownedRows.BeginReplacing(replaced, operation.MayLand);
        }
    }

    /// <summary>
    /// Takes the operations that have ended out of the batch, and ends this process's answering for their rows.
    /// </summary>
    private void RemoveEnded(List<LedgerOperation> operations)
    {
        foreach (var operation in operations.FindAll(operation => operation.Ended))
        {
            operations.Remove(operation);
            if (operation.ReplacedRow is { } replaced)
            {
                ownedRows.EndReplacing(replaced, operation.MayLand);
            }

            if (operation is ReserveOperation { UnusedSpare: { } spare })
            {
                spareRows.Add(org, spare.Key, spare.ETag);
            }

            if (operation is { LeavesUnsentRecord: true, OwnedRow: { } unsent })
            {
                ownedRows.LeaveUnsent(unsent.Instance, org);
            }

            if (operation is { OwnedRow: { } row, PassesOwnership: false })
            {
                ownedRows.Release(org, row);
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

    /// <summary>
    /// Queues what gives back the reservations whose callers had left. The loop runs, so nothing closes the queue.
    /// </summary>
    private void QueueRevocations(List<LedgerOperation> pending)
    {
        var reserves = pending.OfType<ReserveOperation>();
        foreach (var revocation in reserves.Select(reserve => reserve.CreateRevocation()).OfType<SettleOperation>())
        {
            lock (Gate)
            {
                TryAdd(revocation);
                Own(revocation);
            }
        }
    }
}
