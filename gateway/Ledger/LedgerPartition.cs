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
{
    private readonly Lock _gate = new();
    private readonly Queue<LedgerOperation> _waiting = [];
    private readonly QuotaCache _quotas = new(options);
    private readonly CommitBackoff _backOff = new(clock, random, options.OutageBackOff);
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _lastUsed = clock.GetUtcNow();
    private bool _busy;
    private bool _closed;

    /// <summary>Ends once nothing is queued or under way.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>False when the actor has been let go: fetch another.</summary>
    public bool TryEnqueue(LedgerOperation operation)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            Hold(operation);
            _lastUsed = clock.GetUtcNow();
            if (_busy)
            {
                return true;
            }

            _busy = true;
            // The actor serves many callers, so it carries the trace of none.
            using (ExecutionContext.SuppressFlow())
            {
                _running = RunAsync();
            }

            return true;
        }
    }

    /// <summary>Closes an actor that has been idle for long.</summary>
    public bool TryClose(DateTimeOffset now)
    {
        lock (_gate)
        {
            _closed |= !_busy && now - _lastUsed > options.IdleAfter;
            return _closed;
        }
    }

    /// <summary>Refuses from memory while that is certain to hold: no storage operation, no queueing.</summary>
    public Refusal? TryRefuse(IReadOnlyList<Claim> takes, SizedClaims? smaller) =>
        _quotas.TryRefuse(takes, smaller, Moment.Now(clock));

    private async Task RunAsync()
    {
        // The caller holds the gate.
        await Task.Yield();
        while (NextBatch() is { Count: > 0 } batch)
        {
            while (batch.Count > 0)
            {
                try
                {
                    await FinishAsync(batch);
                }
                catch (Exception bug)
                {
                    // A bug of one operation has failed that one alone by now. Here something of the loop itself is
                    // wrong: what was sent stays in doubt and is hunted on, so that no hold is left behind.
                    LedgerLog.BatchFailed(logger, org, bug);
                    _quotas.Clear();
                    batch.ForEach(operation => Try(operation, () => operation.Fail(bug)));
                    End(batch, operation => operation.Ended);
                    await _backOff.AfterUnknownAsync(CancellationToken.None);
                }
            }
        }
    }

    private List<LedgerOperation> NextBatch()
    {
        lock (_gate)
        {
            var batch = new LedgerBatch();
            while (_waiting.TryPeek(out var next) && batch.TryAdd(next))
            {
                _waiting.Dequeue();
            }

            _busy = batch.Operations.Count > 0;
            return batch.Operations;
        }
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
            round.RemoveAll(operation => operation.Blind);
            var outcome = round.Count > 0 && await TryReadAsync(round, fresh) ? await CommitAsync(round) : CommitOutcome.Unknown;
            fresh = outcome.Verdict is CommitVerdict.Conflict or CommitVerdict.Unknown or CommitVerdict.NotSent;
            if (outcome.Verdict is CommitVerdict.Invalid && outcome.FailedIndex is null)
            {
                most = Math.Max(1, most / 2);
            }

            GiveBackUnwanted(pending);
            End(pending, operation => operation.Ended);
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
    private Task SeeAsync(List<LedgerOperation> round) => Task.WhenAll(round.Where(operation => operation.Blind).Select(async operation =>
    {
        try
        {
            await operation.SeeAsync(store, org, CancellationToken.None);
        }
        catch (IOException outage)
        {
            LedgerLog.ReadFailed(logger, org, outage.Message);
        }
    }));

    /// <summary>
    /// Steps 1 and 2. First the quota rows, and only then the rows of what is in doubt: a guard that is seen to have
    /// moved before its request row is seen to be absent proves that the attempt can never land.
    /// </summary>
    private async Task<bool> TryReadAsync(List<LedgerOperation> round, bool fresh)
    {
        try
        {
            var keys = round.SelectMany(operation => operation.Quotas).Where(key => fresh || !_quotas.Rows.ContainsKey(key)).ToHashSet();
            if (keys.Count > 0)
            {
                var at = Moment.Now(clock);
                foreach (var row in await store.ReadQuotasAsync(org, keys, CancellationToken.None))
                {
                    _quotas.Learn(row, at);
                }
            }

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
                owners.AddRange(Enumerable.Repeat(operation, draft.Own - owners.Count));
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
        _backOff.Took(clock.GetElapsedTime(started));
        LedgerMetrics.Committed(included.Count, outcome.Verdict, clock.GetElapsedTime(started));
        switch (outcome.Verdict)
        {
            case CommitVerdict.Committed:
                _quotas.Learn(writes, outcome.ETags, draft.Moment);
                included.ForEach(operation => Try(operation, () => operation.Committed(outcome.ETags)));
                break;
            case CommitVerdict.NotSent:
                included.ForEach(operation => operation.NotSent());
                break;
            case CommitVerdict.Unknown:
            case CommitVerdict.Conflict when outcome.FailedIndex is not { } index || index < owners.Count:
                // A request row in the way may be our own earlier write, and overlapping attempts share rows: doubt
                // them all.
                included.ForEach(operation => operation.Doubt(before));
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

    /// <summary>Queues an operation, and answers for its row until the operation has ended. The gate is held.</summary>
    private void Hold(LedgerOperation operation)
    {
        _waiting.Enqueue(operation);
        if (operation.HeldRow is { } row)
        {
            held.Hold(row);
        }

        if (operation.ReplacedRow is { } replaced)
        {
            held.BeginReplacing(replaced, operation.MayLand);
        }
    }

    private void End(List<LedgerOperation> operations, Predicate<LedgerOperation> which)
    {
        foreach (var operation in operations.FindAll(which))
        {
            operations.Remove(operation);
            if (operation.ReplacedRow is { } replaced)
            {
                held.EndReplacing(replaced, operation.MayLand);
            }

            if (operation is { LeavesUnsent: true, HeldRow: { } unsent })
            {
                held.LeaveUnsent(unsent.Instance, org);
            }

            if (operation is { HeldRow: { } row, IsPassedOn: false })
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

    private void GiveBackUnwanted(List<LedgerOperation> pending)
    {
        foreach (var revocation in pending.OfType<ReserveOperation>().Select(operation => operation.Revocation()).OfType<SettleOperation>())
        {
            lock (_gate)
            {
                Hold(revocation);
            }
        }
    }
}
