using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// What this instance has leased of one limit of an upstream's key. Not for several threads: its partition guards it.
/// </summary>
internal abstract class QuotaLeasePool(BoundLimit bound)
{
    public QuotaKey Key { get; } = new(bound.Source, bound.Subject);

    /// <summary>As the catalogue has it now.</summary>
    public BoundLimit Bound { get; set; } = bound;

    public DateTimeOffset LastTaken { get; set; }

    public static QuotaLeasePool Of(BoundLimit bound, QuotaLeaseOptions options) =>
        bound.Limit.Unit is LimitUnit.ConcurrentRequests ? new ConcurrencyPool(bound, options.PlaceLasts) : new BlockPool(bound);

    /// <summary>What can be taken now without asking the ledger.</summary>
    public abstract long Left(DateTimeOffset now);

    /// <summary>Takes it; only where so much is left.</summary>
    public abstract Hold Take(long amount, DateTimeOffset now);

    public abstract void Settle(Hold hold, long used);

    /// <summary>What the ledger could still give us beyond what is leased.</summary>
    /// <param name="row">As it counts now.</param>
    public abstract long Room(QuotaRow row, DateTimeOffset now);

    /// <summary>How much more than is asked for at once is worth taking.</summary>
    /// <param name="amount">Of the largest attempt that waits.</param>
    /// <param name="room">What is left beyond what is asked for.</param>
    public abstract long Prefetch(long amount, long room, QuotaLeaseOptions options);

    /// <summary>
    /// The row with so much more leased, and with what was spent, lent back or corrected since the last time.
    /// </summary>
    public abstract QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now);

    /// <summary>The last draft is in.</summary>
    public abstract void Landed();

    /// <summary>
    /// Nobody knows whether the last draft is in: what it granted is lost, and nothing is given back twice.
    /// </summary>
    public abstract void Lost();

    /// <summary>Puts aside all that is left, for the next draft to give back.</summary>
    public abstract void Withdraw(DateTimeOffset now);

    /// <summary>Whether others may want what lies idle here.</summary>
    public abstract bool IsScarce { get; }

    /// <summary>True while something waits to be given back, or booked as used.</summary>
    public bool Returns { get; protected set; }

    /// <summary>The upstream says that less is left than we count.</summary>
    public abstract void Correct(long remaining, DateTimeOffset now);
}
