using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Views;

/// <summary>One limit and where the caller stands with it.</summary>
/// <param name="Id">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Model">The model it counts for; null where it counts for several.</param>
/// <param name="WindowId">The window that these figures are of, e.g. <c>2026-11-21</c>.</param>
public sealed record QuotaCard(
    string Id, string? Model, string Unit, string Window, string WindowId, string Scope, decimal Limit, decimal Used, decimal Reserved, decimal Remaining, DateTimeOffset? ResetsAt)
{
    public static QuotaCard Of(QuotaState state, string? model) => new(
        state.Bound.Source,
        model,
        state.Bound.Limit.Unit.Name(),
        QuotaRefusal.Name(state.Bound.Limit.Window),
        state.Window.Id,
        ScopeNames.Of(state.Bound.Limit.Scope),
        state.Bound.Limit.Unit.Shown(state.Amount),
        state.Bound.Limit.Unit.Shown(state.Used),
        state.Bound.Limit.Unit.Shown(state.Reserved),
        state.Bound.Limit.Unit.Shown(state.Remaining),
        state.Window.ResetsAt);
}
