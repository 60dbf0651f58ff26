using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Holds what this instance has leased of all limits of one upstream's key, and decides from memory what they can give.
/// It does no storage operation and is not thread-safe: its partition's gate guards it.
/// </summary>
/// <param name="cache">The limits' rows as they were last seen in the ledger.</param>
internal sealed class QuotaLeasePools(QuotaCache cache, QuotaLeaseOptions options)
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private readonly Dictionary<QuotaKey, QuotaLeasePool> _pools = [];

    /// <summary>The pools that have something to give back.</summary>
    public IEnumerable<QuotaLeasePool> Returning => _pools.Values.Where(pool => pool.HasReturns);

    public QuotaLeasePool this[QuotaKey key] => _pools[key];

    /// <summary>Takes from every limit, or from none.</summary>
    /// <returns>The holds in the order of the claims; null where a limit has too little leased.</returns>
    public IReadOnlyList<Hold>? TryTake(IReadOnlyList<Claim> claims, DateTimeOffset now) =>
        Reaches(claims, now) ? [.. claims.Select(claim => PoolOf(claim.Bound).Take(claim.Amount, now))] : null;

    /// <summary>Tells whether what is leased suffices for all of these claims.</summary>
    public bool Reaches(IReadOnlyList<Claim> claims, DateTimeOffset now) =>
        claims.All(claim => PoolOf(claim.Bound).Remaining(now) >= claim.Amount);

    public void Settle(IReadOnlyList<Hold> holds, IReadOnlyList<long> used)
    {
        for (var index = 0; index < holds.Count; index++)
        {
            _pools[holds[index].Quota].Settle(holds[index], used[index]);
        }
    }

    /// <summary>Lowers the limits to what the upstream says is left of them.</summary>
    public void Correct(
        IReadOnlyList<BoundLimit> limits, IReadOnlyList<RateLimitObservation> observations, DateTimeOffset now)
    {
        foreach (var observation in observations)
        {
            foreach (var bound in limits.Where(bound => observation.IsOf(bound.Limit, now)))
            {
                PoolOf(bound).Correct(observation.Remaining, now);
            }
        }
    }

    /// <summary>Puts aside what is idle, or everything, for the next transaction to give back.</summary>
    public void MarkForReturn(bool all, DateTimeOffset now)
    {
        foreach (var pool in _pools.Values)
        {
            var idleAfter = pool.IsScarce ? options.ScarceAfter : options.IdleAfter;
            if (all || now - pool.LastTakenAt > idleAfter)
            {
                pool.MarkForReturn(now);
            }
        }
    }

    /// <summary>Gives up the last drafts of all pools: they may have been committed or not.</summary>
    public void OnOutcomeUnknown()
    {
        foreach (var pool in _pools.Values)
        {
            pool.OnOutcomeUnknown();
        }
    }

    /// <summary>
    /// Reports what is left of a limit as far as this instance knows. A limit that was never read has its full amount.
    /// </summary>
    public QuotaLeaseStatus StatusOf(BoundLimit bound, DateTimeOffset now)
    {
        var pool = PoolOf(bound);
        var remaining = pool.Remaining(now);
        if (!cache.Rows.TryGetValue(pool.Key, out var seen))
        {
            var window = WindowSpan.At(bound.Limit.Window, now, zone: bound.Limit.Zone);
            return new QuotaLeaseStatus(bound.Limit, bound.Limit.Amount, window.ResetsAt);
        }

        var row = seen.Row.Roll(bound.Limit, now);
        return new QuotaLeaseStatus(bound.Limit, remaining + QuotaState.Of(bound, row).Remaining, row.Window.ResetsAt);
    }

    /// <summary>
    /// Refuses from memory while that is all but certain to hold; <see cref="QuotaLeaseOptions"/> says for how long. Of
    /// several limits that are short, the one is named that binds longest. Null where an attempt is worth a storage
    /// operation.
    /// </summary>
    public QuotaLeaseShortage? KnownShortage(IReadOnlyList<Claim> claims, Moment now)
    {
        QuotaLeaseShortage? longest = null;
        foreach (var claim in claims)
        {
            var pool = PoolOf(claim.Bound);
            if (CertainRow(pool, now) is { } row
                && pool.Remaining(now.Calendar) + pool.Grantable(row, now.Calendar) < claim.Amount)
            {
                var shortage = ShortageOf(claim.Bound.Limit, row, now.Calendar);
                longest = longest is null || shortage.Until > longest.Until ? shortage : longest;
            }
        }

        return longest;
    }

    /// <summary>The row of a limit as it counts now. Call it only for a limit whose row is remembered.</summary>
    public QuotaRow CurrentRow(QuotaKey key, DateTimeOffset now) =>
        cache.Rows[key].Row.Roll(_pools[key].Bound.Limit, now);

    /// <summary>Tells whether a limit's row was read recently enough to refuse attempts by it.</summary>
    public bool IsFresh(QuotaKey key, Moment now) =>
        now.Since(cache.Rows[key].At) <= FreshFor(_pools[key].Bound.Limit);

    public QuotaLeaseShortage ShortageOf(Limit limit, QuotaRow row, DateTimeOffset now)
    {
        var comesBackWithin = limit.Unit is LimitUnit.ConcurrentRequests ? options.ShortFor : Never;
        return new(limit.Name, row.Window.ResetsAt ?? now + comesBackWithin);
    }

    /// <summary>The row with what is certainly taken, by its age; null where it is too old to refuse by.</summary>
    private QuotaRow? CertainRow(QuotaLeasePool pool, Moment now)
    {
        if (!cache.Rows.TryGetValue(pool.Key, out var seen))
        {
            return null;
        }

        var (limit, age) = (pool.Bound.Limit, now.Since(seen.At));
        var row = seen.Row.Roll(limit, now.Calendar);
        if (age <= FreshFor(limit))
        {
            return row;
        }

        // What others have leased may come back any moment; what is used, here too, does not within its window.
        var isSettled = limit.Unit is not LimitUnit.ConcurrentRequests && age <= options.SpentFor;
        return isSettled ? row with { Reserved = pool.OwnReserved(row) } : null;
    }

    private TimeSpan FreshFor(Limit limit) =>
        limit.Unit is LimitUnit.ConcurrentRequests ? options.BusyFor : options.ShortFor;

    private QuotaLeasePool PoolOf(BoundLimit bound)
    {
        var key = new QuotaKey(bound.Source, bound.Subject);
        if (!_pools.TryGetValue(key, out var pool))
        {
            _pools[key] = pool = QuotaLeasePool.Of(bound, options);
        }

        pool.Bound = bound;
        return pool;
    }
}

/// <summary>Holds what is left of one limit of an upstream's key, as this instance knows it.</summary>
/// <param name="Remaining">This instance's block and what it last saw in the ledger.</param>
/// <param name="ResetsAt">Null for a limit that never resets, and for one on requests at once.</param>
public sealed record QuotaLeaseStatus(Limit Limit, long Remaining, DateTimeOffset? ResetsAt);

/// <summary>Says why an upstream is not called now.</summary>
/// <param name="Limit">
/// The limit that has too little left; null where the ledger does not answer, as nothing is sent uncounted.
/// </param>
/// <param name="Until">When the limit may have some again.</param>
public sealed record QuotaLeaseShortage(string? Limit, DateTimeOffset Until);
