using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Inference;

/// <summary>What a request takes of a limit before it is sent, and what it turns out to have used.</summary>
public static class Estimate
{
    public static Take Take(BoundLimit bound) => new(bound, bound.Limit.Unit is LimitUnit.Requests ? 1 : 0);

    /// <param name="counts">Whether the request counts, or is given back.</param>
    public static long Used(BoundLimit bound, bool counts, long costNanos) => bound.Limit.Unit switch
    {
        LimitUnit.Requests => counts ? 1 : 0,
        LimitUnit.NanoDollars => costNanos,
        _ => 0,
    };
}
