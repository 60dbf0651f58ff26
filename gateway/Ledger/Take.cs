using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>What a request wants of one limit.</summary>
/// <param name="Amount">In the limit's unit; 0 where only the use is to be booked.</param>
public sealed record Take(BoundLimit Bound, long Amount)
{
    public QuotaKey Quota { get; } = new(Bound.Source, Bound.Subject);
}
