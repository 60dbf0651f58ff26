using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Leases one upstream key's limits from the ledger. Attempts take from what is leased, in memory; only where that does
/// not reach is the ledger asked, once for all attempts that wait:
/// <code>
///   attempts ──► pools ──► allowed
///                  │ too little
///                  └──► queue ──► [ 1 read ── 2 plan over copies ── 3 commit ] ──► pools ──► allowed, or elsewhere
///                                     ▲                                │
///                                     └── conflict: forget the rows ◄──┘
/// </code>
/// An attempt has no row of its own: its record is its request's. So an unknown outcome is not resolved; what it may
/// have leased is lost until the window ends, and never leased twice.
/// </summary>
internal sealed class QuotaLeasePartition : SingleWriterQueue<QuotaLeaseWaiter>
{
    private readonly UpstreamKeyId _key;
    private readonly ILedgerStore _store;
    private readonly TimeProvider _clock;
    private readonly QuotaLeaseOptions _options;
    private readonly ILogger _logger;
    private readonly QuotaCache _cache;
    private readonly QuotaLeasePools _pools;
    private readonly CommitBackoff _backoff;

    /// <summary>The rows that this round has read: they are fresh however long the read took.</summary>
    private IReadOnlySet<QuotaKey> _justRead = new HashSet<QuotaKey>();
    private int _conflicts;
    private bool _isContended;

    public QuotaLeasePartition(
        UpstreamKeyId key,
        ILedgerStore store,
        TimeProvider clock,
        Random random,
        QuotaLeaseOptions options,
        ILogger logger)
    {
        (_key, _store, _clock, _options, _logger) = (key, store, clock, options, logger);
        _cache = new QuotaCache(key.Value, store, clock);
        _pools = new QuotaLeasePools(_cache, options);
        _backoff = new CommitBackoff(clock, random, TimeSpan.FromSeconds(1));
    }

    protected override bool HasOtherWork => _pools.Returning.Any();

    /// <summary>Takes from every limit or from none, and waits for the ledger where that is needed.</summary>
    /// <exception cref="OperationCanceledException">The caller has left; nothing is taken.</exception>
    public async Task<QuotaLeaseResult> TakeAsync(IReadOnlyList<Claim> claims, CancellationToken cancellation)
    {
        QuotaLeaseWaiter waiter;
        lock (Gate)
        {
            var now = Moment.Now(_clock);
            if (TryTake(claims, now.Calendar) is { } lease)
            {
                return lease;
            }

            if (_pools.KnownShortage(claims, now) is { } shortage)
            {
                return shortage;
            }

            waiter = new QuotaLeaseWaiter(claims, _clock.GetTimestamp());
            TryAdd(waiter);
        }

        using var left = cancellation.Register(waiter.Leave);
        return await waiter.Answer.WaitAsync(CancellationToken.None);
    }

    /// <summary>Gives back what is idle, or everything.</summary>
    /// <returns>Completes once the ledger has it, or could not be reached.</returns>
    public Task GiveBackAsync(bool all)
    {
        lock (Gate)
        {
            _pools.MarkForReturn(all, _clock.GetUtcNow());
            if (_pools.Returning.Any())
            {
                StartLoop();
            }

            return Idle;
        }
    }

    /// <summary>Replaces what an attempt held by what it used. No storage operation.</summary>
    public void Settle(IReadOnlyList<Hold> holds, IReadOnlyList<long> used)
    {
        lock (Gate)
        {
            _pools.Settle(holds, used);
        }
    }

    /// <inheritdoc cref="QuotaLeasePools.Correct"/>
    public void Correct(IReadOnlyList<BoundLimit> limits, IReadOnlyList<RateLimitObservation> observations)
    {
        lock (Gate)
        {
            _pools.Correct(limits, observations, _clock.GetUtcNow());
        }
    }

    /// <summary>
    /// Reports what is left of some limits, as far as this instance knows, without a storage operation.
    /// </summary>
    public IReadOnlyList<QuotaLeaseStatus> StatusOf(IReadOnlyList<BoundLimit> limits)
    {
        lock (Gate)
        {
            var now = _clock.GetUtcNow();
            return [.. limits.Select(bound => _pools.StatusOf(bound, now))];
        }
    }

    /// <summary>
    /// The limit by which an attempt would be refused from memory; null where the attempt may get through.
    /// </summary>
    public QuotaLeaseShortage? KnownShortage(IReadOnlyList<Claim> claims)
    {
        lock (Gate)
        {
            var now = Moment.Now(_clock);
            return _pools.Reaches(claims, now.Calendar) ? null : _pools.KnownShortage(claims, now);
        }
    }

    protected override async Task RunRoundAsync()
    {
        if (await TryReadAsync())
        {
            await LeaseAsync();
        }

        lock (Gate)
        {
            ServeWaiting();

            // Conflicts count in a row, and a loop that ends here ends the row.
            _conflicts = Waiting.Count > 0 || HasOtherWork ? _conflicts : 0;
        }
    }

    /// <summary>Fails all attempts that wait: something is wrong with the leasing itself.</summary>
    protected override Task OnRoundFailedAsync(Exception error)
    {
        QuotaLeaseLog.LeasingFailed(_logger, _key, error);
        lock (Gate)
        {
            GiveUpDrafts();
            Dequeue(_ => true).ForEach(waiter => waiter.Fail(error));
            _conflicts = 0;
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Step 1: reads the missing rows of all limits that attempts wait for and of all that have returns.
    /// </summary>
    /// <returns>False in an outage. Nothing was under way: what is leased stays leased, and attempts wait on.</returns>
    private async Task<bool> TryReadAsync()
    {
        List<QuotaKey> keys;
        lock (Gate)
        {
            if (_isContended)
            {
                // Other instances write here too: a copy of some age would only lead to a conflict.
                _cache.ForgetOlderThan(_options.ShortFor, Moment.Now(_clock));
            }

            var claimed = Waiting.SelectMany(waiter => waiter.Claims).Select(claim => claim.Quota);
            keys = [.. claimed.Concat(_pools.Returning.Select(pool => pool.Key))];
        }

        try
        {
            _justRead = await _cache.ReadAsync(keys, all: false);
            return true;
        }
        catch (IOException outage)
        {
            QuotaLeaseLog.OutOfReach(_logger, _key, outage.Message);
            await _backoff.AfterUnknownAsync(CancellationToken.None);
            return false;
        }
    }

    /// <summary>Steps 2 and 3, and what follows from how the transaction ended.</summary>
    private async Task LeaseAsync()
    {
        switch (await PlanAndCommitAsync())
        {
            case CommitVerdict.Committed:
                (_conflicts, _isContended) = (0, _isContended && _justRead.Count > 0);

                // The next outage begins with a short wait again.
                await _backoff.AfterCommitAsync(CancellationToken.None);
                break;

            case CommitVerdict.Conflict:
                (_conflicts, _isContended) = (_conflicts + 1, true);

                // The first conflict only says that our copy was old.
                await (_conflicts > 1 ? _backoff.AfterConflictAsync(CancellationToken.None) : Task.CompletedTask);
                break;

            case CommitVerdict.Unknown or CommitVerdict.NotSent:
                QuotaLeaseLog.OutOfReach(_logger, _key, "the store does not say whether it has the lease");
                lock (Gate)
                {
                    GiveUpDrafts();
                }

                await _backoff.AfterUnknownAsync(CancellationToken.None);
                break;

            case CommitVerdict.Invalid:
                throw new InvalidOperationException("The ledger's store does not take an upstream's leases.");
        }
    }

    private async Task<CommitVerdict> PlanAndCommitAsync()
    {
        QuotaLeaseRound round;
        var now = Moment.Now(_clock);
        lock (Gate)
        {
            round = Plan(now);
        }

        if (round.Writes.Count is 0)
        {
            return CommitVerdict.Committed;
        }

        List<LedgerWrite> writes = [.. round.Writes.Select(row => new LedgerWrite.PutQuota(row))];
        var outcome = await _store.CommitAsync(_key.Value, writes, CancellationToken.None);
        QuotaLeaseLog.Leased(_logger, _key, writes.Count, outcome.Verdict);
        lock (Gate)
        {
            if (outcome.Verdict is CommitVerdict.Committed)
            {
                foreach (var row in round.Writes)
                {
                    _pools[row.Key].OnCommitted();
                }

                _cache.Apply(writes, outcome.ETags, now);
                ServeWaiting();
            }
            else
            {
                foreach (var row in round.Writes)
                {
                    _cache.Forget(row.Key);
                }
            }
        }

        return outcome.Verdict;
    }

    /// <summary>
    /// Step 2: first come, first served, over what is leased and what the rows have left. An attempt that cannot be
    /// served is refused, by fresh rows only. Where the ledger is written to at all, blocks that run low are filled up
    /// with it.
    /// </summary>
    private QuotaLeaseRound Plan(Moment now)
    {
        ServeWaiting();
        var round = new QuotaLeaseRound(
            key => _pools[key], key => _pools.CurrentRow(key, now.Calendar), _options, now.Calendar);

        // An attempt that came while the others' rows were read has its turn in the next round.
        foreach (var waiter in Waiting.Where(waiter => waiter.Claims.All(IsRead)).ToList())
        {
            if (round.TryAdd(waiter.Claims, out var shorts))
            {
                continue;
            }

            var old = shorts.Where(key => !_justRead.Contains(key) && !_pools.IsFresh(key, now)).ToList();
            if (old.Count > 0)
            {
                // Nothing is written before these rows are read again.
                old.ForEach(_cache.Forget);
                return round;
            }

            var shortages = shorts.Select(
                key => _pools.ShortageOf(_pools[key].Bound.Limit, round.Row(key), now.Calendar));
            waiter.TryAnswer(shortages.MaxBy(shortage => shortage.Until)!);
            Remove(waiter);
        }

        round.Draft(_pools.Returning.Where(pool => _cache.Rows.ContainsKey(pool.Key)));
        return round;

        bool IsRead(Claim claim) => _cache.Rows.ContainsKey(claim.Quota);
    }

    /// <summary>
    /// Serves the attempts for which what is leased reaches, and ends the wait of those whose deadline is past.
    /// </summary>
    private void ServeWaiting()
    {
        var now = _clock.GetUtcNow();
        foreach (var waiter in Waiting.ToList())
        {
            if (waiter.HasEnded)
            {
                Remove(waiter);
            }
            else if (TryTake(waiter.Claims, now) is { } lease)
            {
                Remove(waiter);
                if (!waiter.TryAnswer(lease))
                {
                    lease.GiveBack();
                }
            }
            else if (_clock.GetElapsedTime(waiter.Since) >= _options.Deadline)
            {
                Remove(waiter);
                waiter.TryAnswer(new QuotaLeaseShortage(null, now + _options.ShortFor));
            }
        }
    }

    private QuotaLease? TryTake(IReadOnlyList<Claim> claims, DateTimeOffset now) =>
        _pools.TryTake(claims, now) is { } holds ? new QuotaLease(this, claims, holds) : null;

    /// <summary>Gives up what was under way: it may have been committed or not.</summary>
    private void GiveUpDrafts()
    {
        _pools.OnOutcomeUnknown();
        _cache.Clear();
    }
}

/// <summary>Represents an attempt that waits for the ledger.</summary>
/// <param name="since">
/// When the attempt came, by the monotonic clock; after <see cref="QuotaLeaseOptions.Deadline"/> it goes to another
/// upstream.
/// </param>
internal sealed class QuotaLeaseWaiter(IReadOnlyList<Claim> claims, long since)
{
    public IReadOnlyList<Claim> Claims => claims;

    public long Since => since;

    public Answer<QuotaLeaseResult> Answer { get; } = new();

    public bool HasEnded => Answer.IsSet;

    /// <summary>Answers the attempt. False where it has left.</summary>
    public bool TryAnswer(QuotaLeaseResult answer) => Answer.TrySet(answer);

    public void Leave() => Answer.TryCancel();

    public void Fail(Exception bug) => Answer.TryFail(bug);
}

internal static partial class QuotaLeaseLog
{
    [LoggerMessage(1201, LogLevel.Error, "Leasing of {Partition} failed")]
    public static partial void LeasingFailed(ILogger logger, UpstreamKeyId partition, Exception bug);

    [LoggerMessage(1202, LogLevel.Warning, "The quota of {Partition} is out of reach: {Reason}")]
    public static partial void OutOfReach(ILogger logger, UpstreamKeyId partition, string reason);

    [LoggerMessage(1203, LogLevel.Debug, "A lease of {Partition} over {Rows} limits: {Verdict}")]
    public static partial void Leased(ILogger logger, UpstreamKeyId partition, int rows, CommitVerdict verdict);
}
