using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// What this instance has leased of one upstream key's limits. Attempts take from it in memory; only where it does not
/// reach is the ledger asked, once for all that wait:
/// <code>
///   attempts ──► blocks ──► allowed
///                  │ too little
///                  └──► queue ──► read what is missing ── plan over copies ── commit under ETags ──► blocks ──► allowed, or elsewhere
/// </code>
/// An attempt has no row of its own: its record is its request's. So an unknown outcome is not hunted; what it may have
/// taken is lost until the window turns, and never taken twice.
/// </summary>
internal sealed class QuotaLeasePartition(string name, ILedgerStore store, TimeProvider clock, Random random, QuotaLeaseOptions options, ILogger logger)
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<QuotaKey, QuotaLeasePool> _pools = [];
    private readonly Dictionary<QuotaKey, CachedQuota> _rows = [];
    private readonly List<QuotaLeaseWaiter> _waiting = [];
    private readonly CommitBackoff _backOff = new(clock, random, TimeSpan.FromSeconds(1));
    private HashSet<QuotaKey> _justRead = [];
    private Task _running = Task.CompletedTask;
    private bool _busy;
    private bool _contended;

    public async Task<QuotaLeaseResult> TakeAsync(IReadOnlyList<Claim> takes, CancellationToken cancellation)
    {
        QuotaLeaseWaiter waiter;
        lock (_gate)
        {
            var now = Moment.Now(clock);
            if (TryTake(takes, now.Calendar) is { } allowance)
            {
                return allowance;
            }

            if (KnownShortage(takes, now) is { } shortage)
            {
                return shortage;
            }

            waiter = new QuotaLeaseWaiter(takes, clock.GetTimestamp());
            _waiting.Add(waiter);
            Start();
        }

        using var left = cancellation.Register(waiter.Leave);
        return await waiter.Answer.WaitAsync(CancellationToken.None);
    }

    /// <summary>Gives back what is idle, or everything.</summary>
    /// <returns>Ends once the ledger has it, or could not be told.</returns>
    public Task GiveBackAsync(bool all)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var pool in _pools.Values.Where(pool => all || now - pool.LastTaken > (pool.IsScarce ? options.ScarceAfter : options.IdleAfter)))
            {
                pool.Withdraw(now);
            }

            if (_pools.Values.Any(pool => pool.Returns))
            {
                Start();
            }

            return _running;
        }
    }

    public void Settle(IReadOnlyList<Hold> holds, IReadOnlyList<long> used)
    {
        lock (_gate)
        {
            for (var index = 0; index < holds.Count; index++)
            {
                _pools[holds[index].Quota].Settle(holds[index], used[index]);
            }
        }
    }

    public void Correct(IReadOnlyList<BoundLimit> limits, IReadOnlyList<RateLimitObservation> sightings)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var sighting in sightings)
            {
                foreach (var bound in limits.Where(bound => sighting.IsOf(bound.Limit, now)))
                {
                    Pool(bound).Correct(sighting.Remaining, now);
                }
            }
        }
    }

    /// <summary>
    /// What is known of these limits without asking anybody; one that was never read stands at its full amount.
    /// </summary>
    public IReadOnlyList<QuotaLeaseStatus> Standing(IReadOnlyList<BoundLimit> limits)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return [.. limits.Select(bound => Standing(bound, now))];
        }
    }

    /// <summary>The limit by which an attempt would be refused from memory.</summary>
    public QuotaLeaseShortage? KnownShortage(IReadOnlyList<Claim> takes)
    {
        lock (_gate)
        {
            var now = Moment.Now(clock);
            return takes.All(take => Pool(take.Bound).Left(now.Calendar) >= take.Amount) ? null : KnownShortage(takes, now);
        }
    }

    private QuotaLeaseStatus Standing(BoundLimit bound, DateTimeOffset now)
    {
        var pool = Pool(bound);
        var left = pool.Left(now);
        if (!_rows.TryGetValue(pool.Key, out var seen))
        {
            var window = WindowSpan.At(bound.Limit.Window, now, zone: bound.Limit.Zone);
            return new QuotaLeaseStatus(bound.Limit, bound.Limit.Amount, window.ResetsAt);
        }

        var row = seen.Row.Roll(bound.Limit, now);
        return new QuotaLeaseStatus(bound.Limit, left + QuotaState.Of(bound, row).Remaining, row.Window.ResetsAt);
    }

    private QuotaLeasePool Pool(BoundLimit bound)
    {
        var key = new QuotaKey(bound.Source, bound.Subject);
        if (!_pools.TryGetValue(key, out var pool))
        {
            _pools[key] = pool = QuotaLeasePool.Of(bound, options);
        }

        pool.Bound = bound;
        return pool;
    }

    private QuotaLease? TryTake(IReadOnlyList<Claim> takes, DateTimeOffset now) =>
        takes.All(take => Pool(take.Bound).Left(now) >= take.Amount)
            ? new QuotaLease(this, takes, [.. takes.Select(take => Pool(take.Bound).Take(take.Amount, now))])
            : null;

    /// <summary>
    /// Refuses from memory while that is all but certain to hold; see <see cref="QuotaLeaseOptions"/> for how long.
    /// </summary>
    private QuotaLeaseShortage? KnownShortage(IReadOnlyList<Claim> takes, Moment now)
    {
        QuotaLeaseShortage? longest = null;
        foreach (var take in takes)
        {
            var pool = Pool(take.Bound);
            if (Known(pool, now) is { } row && pool.Left(now.Calendar) + pool.Room(row, now.Calendar) < take.Amount)
            {
                var shortage = Short(take.Bound.Limit, row, now.Calendar);
                longest = longest is null || shortage.Until > longest.Until ? shortage : longest;
            }
        }

        return longest;
    }

    /// <summary>What the row is certain to have taken, by its age; null where it is too old to say.</summary>
    private QuotaRow? Known(QuotaLeasePool pool, Moment now)
    {
        if (!_rows.TryGetValue(pool.Key, out var seen))
        {
            return null;
        }

        var (limit, age) = (pool.Bound.Limit, now.Since(seen.At));
        var row = seen.Row.Roll(limit, now.Calendar);
        return age <= (limit.Unit is LimitUnit.ConcurrentRequests ? options.BusyFor : options.ShortFor) ? row
            : limit.Unit is not LimitUnit.ConcurrentRequests && age <= options.SpentFor ? row with { Reserved = 0 }
            : null;
    }

    private QuotaLeaseShortage Short(Limit limit, QuotaRow row, DateTimeOffset now) =>
        new(limit.Name, row.Window.ResetsAt ?? now + (limit.Unit is LimitUnit.ConcurrentRequests ? options.ShortFor : Never));

    private void Start()
    {
        if (!_busy)
        {
            _busy = true;
            // The loop serves many callers, so it carries the trace of none.
            using (ExecutionContext.SuppressFlow())
            {
                _running = RunAsync();
            }
        }
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var conflicts = 0;
        do
        {
            bool reread;
            try
            {
                reread = await ReadAsync();
            }
            catch (IOException outage)
            {
                // Nothing was under way: what is leased stays leased, and whoever waits waits on until its deadline.
                QuotaLeaseLog.OutOfReach(logger, name, outage.Message);
                await _backOff.AfterUnknownAsync(CancellationToken.None);
                continue;
            }

            try
            {
                conflicts = await LeaseAsync() switch
                {
                    CommitVerdict.Committed => 0,
                    CommitVerdict.Conflict => conflicts + 1,
                    CommitVerdict.Unknown or CommitVerdict.NotSent => throw new IOException("the store does not say whether it has the lease"),
                    CommitVerdict.Invalid => throw new InvalidOperationException("The ledger's store does not take an upstream's leases."),
                };

                _contended = conflicts > 0 || (_contended && reread);
                await PauseAsync(conflicts);
            }
            catch (IOException outage)
            {
                QuotaLeaseLog.OutOfReach(logger, name, outage.Message);
                Forsake(null);
                await _backOff.AfterUnknownAsync(CancellationToken.None);
            }
            catch (Exception bug)
            {
                QuotaLeaseLog.LeasingFailed(logger, name, bug);
                Forsake(bug);
            }
        }
        while (!Ends());
    }

    /// <summary>
    /// Waits after an attempt whose outcome is known; what is in lets the next outage begin with a short wait.
    /// </summary>
    private Task PauseAsync(int conflicts) => conflicts switch
    {
        0 => _backOff.AfterCommitAsync(CancellationToken.None),

        // The first conflict only says that our copy was old.
        1 => Task.CompletedTask,
        _ => _backOff.AfterConflictAsync(CancellationToken.None),
    };

    /// <summary>The rows that are missing, of all that is waited for and all that is given back.</summary>
    /// <returns>Whether any was.</returns>
    private async Task<bool> ReadAsync()
    {
        HashSet<QuotaKey> missing;
        lock (_gate)
        {
            if (_contended)
            {
                // Others write here too: a copy of some age would only lead to a conflict.
                var now = Moment.Now(clock);
                _rows.Where(pair => now.Since(pair.Value.At) > options.ShortFor).ToList().ForEach(pair => _rows.Remove(pair.Key));
            }

            missing = [.. _waiting.SelectMany(waiter => waiter.Takes).Select(take => take.Quota)
                .Concat(_pools.Values.Where(pool => pool.Returns).Select(pool => pool.Key)).Where(key => !_rows.ContainsKey(key))];
        }

        _justRead = missing;
        if (missing.Count > 0)
        {
            var at = Moment.Now(clock);
            var rows = await store.ReadQuotasAsync(name, missing, CancellationToken.None);
            lock (_gate)
            {
                foreach (var row in rows)
                {
                    _rows[row.Key] = new CachedQuota(row, at);
                }
            }
        }

        return missing.Count > 0;
    }

    private async Task<CommitVerdict> LeaseAsync()
    {
        QuotaLeaseRound round;
        var now = Moment.Now(clock);
        lock (_gate)
        {
            round = Plan(now);
        }

        if (round.Writes.Count is 0)
        {
            return CommitVerdict.Committed;
        }

        var outcome = await store.CommitAsync(name, [.. round.Writes.Select(row => new LedgerWrite.PutQuota(row))], CancellationToken.None);
        QuotaLeaseLog.Leased(logger, name, round.Writes.Count, outcome.Verdict);
        lock (_gate)
        {
            for (var index = 0; index < round.Writes.Count; index++)
            {
                var row = round.Writes[index];
                if (outcome.Verdict is CommitVerdict.Committed)
                {
                    _pools[row.Key].Landed();
                    _rows[row.Key] = new CachedQuota(row with { ETag = outcome.ETags[index] }, now);
                }
                else
                {
                    _rows.Remove(row.Key);
                }
            }

            if (outcome.Verdict is CommitVerdict.Committed)
            {
                Serve();
            }
        }

        return outcome.Verdict;
    }

    /// <summary>
    /// First come, first served, over what is leased and what the rows have left; who cannot be served is told, by rows
    /// that are fresh. Where the ledger is written to at all, blocks that run low are filled up with it.
    /// </summary>
    private QuotaLeaseRound Plan(Moment now)
    {
        Serve();
        var round = new QuotaLeaseRound(key => _pools[key], key => _rows[key].Row.Roll(_pools[key].Bound.Limit, now.Calendar), options, now.Calendar);
        foreach (var waiter in _waiting.ToList())
        {
            if (waiter.Takes.Any(take => !_rows.ContainsKey(take.Quota)))
            {
                // It came while the others' rows were read.
                continue;
            }

            if (round.TryAdd(waiter.Takes, out var shorts))
            {
                continue;
            }

            var old = shorts.Where(key => !IsFresh(key, now)).ToList();
            if (old.Count > 0)
            {
                old.ForEach(key => _rows.Remove(key));
                round.Reconsider();
                return round;
            }

            var shortage = shorts.Select(key => Short(_pools[key].Bound.Limit, round.Row(key), now.Calendar)).MaxBy(other => other.Until)!;
            waiter.TryAnswer(shortage);
            _waiting.Remove(waiter);
        }

        round.Draft(_pools.Values.Where(pool => pool.Returns && _rows.ContainsKey(pool.Key)));
        return round;
    }

    private bool IsFresh(QuotaKey key, Moment now) =>
        _justRead.Contains(key) || now.Since(_rows[key].At) <= (_pools[key].Bound.Limit.Unit is LimitUnit.ConcurrentRequests ? options.BusyFor : options.ShortFor);

    private void Serve()
    {
        var now = clock.GetUtcNow();
        foreach (var waiter in _waiting.ToList())
        {
            if (waiter.Ended)
            {
                _waiting.Remove(waiter);
            }
            else if (TryTake(waiter.Takes, now) is { } allowance)
            {
                _waiting.Remove(waiter);
                if (!waiter.TryAnswer(allowance))
                {
                    allowance.GiveBack();
                }
            }
            else if (clock.GetElapsedTime(waiter.Since) >= options.Deadline)
            {
                _waiting.Remove(waiter);
                waiter.TryAnswer(new QuotaLeaseShortage(null, now + options.ShortFor));
            }
        }
    }

    /// <summary>What was under way is given up: it may have landed or not.</summary>
    private void Forsake(Exception? bug)
    {
        lock (_gate)
        {
            foreach (var pool in _pools.Values)
            {
                pool.Lost();
            }

            _rows.Clear();
            if (bug is not null)
            {
                _waiting.ForEach(waiter => waiter.Fail(bug));
            }
        }
    }

    private bool Ends()
    {
        lock (_gate)
        {
            Serve();
            _busy = _waiting.Count > 0 || _pools.Values.Any(pool => pool.Returns);
            return !_busy;
        }
    }
}

/// <summary>An attempt that waits for the ledger.</summary>
internal sealed class QuotaLeaseWaiter(IReadOnlyList<Claim> takes, long since)
{
    private readonly Answer<QuotaLeaseResult> _answer = new();

    public IReadOnlyList<Claim> Takes => takes;

    /// <summary>
    /// When it came, by the monotonic clock; after <see cref="QuotaLeaseOptions.Deadline"/> it goes elsewhere.
    /// </summary>
    public long Since => since;

    public Answer<QuotaLeaseResult> Answer => _answer;

    public bool Ended => _answer.IsSet;

    /// <summary>False where it has left.</summary>
    public bool TryAnswer(QuotaLeaseResult answer) => _answer.TrySet(answer);

    public void Leave() => _answer.TryCancel();

    public void Fail(Exception bug) => _answer.TryFail(bug);
}

internal static partial class QuotaLeaseLog
{
    [LoggerMessage(1201, LogLevel.Error, "Leasing of {Partition} failed")]
    public static partial void LeasingFailed(ILogger logger, string partition, Exception bug);

    [LoggerMessage(1202, LogLevel.Warning, "The allowance of {Partition} is out of reach: {Reason}")]
    public static partial void OutOfReach(ILogger logger, string partition, string reason);

    [LoggerMessage(1203, LogLevel.Debug, "A lease of {Partition} over {Rows} limits: {Verdict}")]
    public static partial void Leased(ILogger logger, string partition, int rows, Ledger.CommitVerdict verdict);
}
