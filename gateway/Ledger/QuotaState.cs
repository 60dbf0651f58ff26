using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Holds the state of one limit for a caller.</summary>
/// <param name="Amount">What the limit allows: the plan's amount, or what was bought.</param>
public sealed record QuotaState(BoundLimit Bound, WindowSpan Window, long Amount, long Used, long Reserved)
{
    /// <summary>
    /// Gets what is left to take; 0 where more is taken than the limit allows, e.g. because the plan was cut meanwhile.
    /// </summary>
    public long Remaining => Math.Max(0, Amount - Used - Reserved);

    /// <summary>
    /// Gets whether a reservation would begin the counter: it is of an end user, and nobody has written it yet.
    /// </summary>
    public bool IsNew { get; init; }

    /// <summary>The state by a row as it was read.</summary>
    public static QuotaState Of(BoundLimit bound, QuotaRow row, DateTimeOffset now)
    {
        var state = Of(bound, row.Roll(bound.Limit, now));
        if (row.Window.Id is not null)
        {
            return state;
        }

        // What begins with its first use has no end before it: one told now would be another a moment later.
        var window = bound.Limit.Window is LimitWindow.Rolling30Days ? WindowSpan.NotBegun : state.Window;
        return state with { Window = window, IsNew = bound.Limit.Scope.IsOfEndUser() };
    }

    /// <summary>The state by a row as it counts now.</summary>
    public static QuotaState Of(BoundLimit bound, QuotaRow row) =>
        new(bound, row.Window, bound.Limit.IsPurchased ? row.Limit : bound.Limit.Amount, row.Used, row.Reserved);
}
