using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Views;

/// <summary>One limit and where the caller stands with it.</summary>
/// <param name="Id">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Model">The model it counts for; null where it counts for several.</param>
/// <param name="WindowId">The window that these figures are of, e.g. <c>2026-11-21</c>.</param>
public sealed record QuotaCard(
    string Id, string? Model, string Unit, string Window, string WindowId, string Scope, long Limit, long Used, long Reserved, long Remaining, DateTimeOffset? ResetsAt)
{
    public static QuotaCard Of(QuotaState state, string? model) => new(
        state.Bound.Source,
        model,
        QuotaRefusal.Name(state.Bound.Limit.Unit),
        QuotaRefusal.Name(state.Bound.Limit.Window),
        state.Window.Id,
        ScopeNames.Of(state.Bound.Limit.Scope),
        state.Bound.Limit.Amount,
        state.Used,
        state.Reserved,
        state.Remaining,
        state.Window.ResetsAt);
}
