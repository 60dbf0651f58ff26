using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Holds what this instance has leased of one limit of an upstream's key. It is not thread-safe: its partition's gate
/// guards it.
/// </summary>
/// <remarks>
/// Attempts take from the pool and settle in memory. A transaction of the ledger goes through it in two steps:
/// <see cref="Draft"/> writes what was spent and returned and leases more, and then <see cref="OnCommitted"/> or
/// <see cref="OnOutcomeUnknown"/> says what became of the draft.
/// </remarks>
internal abstract class QuotaLeasePool(BoundLimit bound)
{
    public QuotaKey Key { get; } = new(bound.Source, bound.Subject);

    /// <summary>The limit as the catalogue has it now.</summary>
    public BoundLimit Bound { get; set; } = bound;

    public DateTimeOffset LastTakenAt { get; set; }

    /// <summary>
    /// Gets or sets whether something waits to be given back to the ledger, or to be booked there as used.
    /// </summary>
    public bool HasReturns { get; protected set; }

    /// <summary>
    /// Gets whether so little of the limit is left in the ledger that other instances may want what lies idle here.
    /// </summary>
    public abstract bool IsScarce { get; }

    public static QuotaLeasePool Of(BoundLimit bound, QuotaLeaseOptions options) => bound.Limit.Unit switch
    {
        LimitUnit.ConcurrentRequests => new ConcurrencyPool(bound, options.ConcurrencyLeaseLasts),
        _ => new BlockPool(bound),
    };

    /// <summary>Computes how much can be taken now without a storage operation, in the limit's unit.</summary>
    public abstract long Remaining(DateTimeOffset now);

    /// <summary>Takes an amount. Call it only where so much remains.</summary>
    public abstract Hold Take(long amount, DateTimeOffset now);

    /// <summary>Replaces a hold by what its attempt used.</summary>
    public abstract void Settle(Hold hold, long used);

    /// <summary>
    /// Computes how much more the ledger can lease to this instance. Drops what was leased in a window that has passed.
    /// </summary>
    /// <param name="row">The limit's row as it counts now.</param>
    public abstract long Grantable(QuotaRow row, DateTimeOffset now);

    /// <summary>
    /// Computes what a row reserves for this instance alone: what attempts spent and the row does not count as used yet,
    /// and what remains to be taken without asking. However old the row is, another instance cannot give that back.
    /// </summary>
    /// <param name="row">The limit's row as it counts now.</param>
    public abstract long OwnReserved(QuotaRow row);

    /// <summary>Computes how much is worth leasing beyond what attempts wait for.</summary>
    /// <param name="amount">The amount of the largest attempt that waits.</param>
    /// <param name="grantable">How much is left beyond what attempts wait for.</param>
    public abstract long Prefetch(long amount, long grantable, QuotaLeaseOptions options);

    /// <summary>
    /// Changes the limit's row: leases <paramref name="grant"/> more, and books what was spent, returned or corrected
    /// since the last draft that was committed.
    /// </summary>
    public abstract QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now);

    /// <summary>The last draft was committed.</summary>
    public abstract void OnCommitted();

    /// <summary>
    /// Gives up the last draft, which may have been committed or not: what it leased is lost until its window ends, and
    /// what it returned is not returned a second time.
    /// </summary>
    public abstract void OnOutcomeUnknown();

    /// <summary>Puts aside all that remains, for the next draft to give back.</summary>
    public abstract void MarkForReturn(DateTimeOffset now);

    /// <summary>Lowers what remains to what the upstream itself says. The count never rises by it.</summary>
    public abstract void Correct(long remaining, DateTimeOffset now);
}
