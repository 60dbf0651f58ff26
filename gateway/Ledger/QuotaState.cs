using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Where a caller stands with one limit.</summary>
/// <param name="Amount">What the limit allows: the plan's amount, or what was bought.</param>
public sealed record QuotaState(BoundLimit Bound, WindowSpan Window, long Amount, long Used, long Reserved)
{
    /// <summary>What is left to take; never below zero, also when the plan was cut meanwhile.</summary>
    public long Remaining => Math.Max(0, Amount - Used - Reserved);

    public static QuotaState Of(BoundLimit bound, QuotaRow row, DateTimeOffset now)
    {
        var state = Of(bound, row.Roll(bound.Limit, now));

        // What begins with its first use has no end before it: one told now would be another a moment later.
        var isUnused = row.Window.Id is null && bound.Limit.Window is LimitWindow.Rolling30Days;
        return isUnused ? state with { Window = WindowSpan.NotBegun } : state;
    }

    /// <param name="row">As it counts now.</param>
    public static QuotaState Of(BoundLimit bound, QuotaRow row) =>
        new(bound, row.Window, bound.Limit.IsPurchased ? row.Limit : bound.Limit.Amount, row.Used, row.Reserved);
}
