using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>Where a caller stands with one limit.</summary>
public sealed record QuotaState(BoundLimit Bound, WindowSpan Window, long Used, long Reserved)
{
    /// <summary>What is left to take; never below zero, also when the plan was cut meanwhile.</summary>
    public long Remaining => Math.Max(0, Bound.Limit.Amount - Used - Reserved);

    public static QuotaState Of(BoundLimit bound, QuotaRow row, DateTimeOffset now)
    {
        var rolled = row.Roll(bound.Limit.Window, now);
        return new QuotaState(bound, rolled.Window, rolled.Used, rolled.Reserved);
    }
}
