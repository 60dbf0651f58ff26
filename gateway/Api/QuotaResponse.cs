using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>One limit and where the caller stands with it.</summary>
/// <param name="Id">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Kind"><c>hard</c> refuses when it is spent, <c>gift</c> overflows, <c>paid</c> is what pays.</param>
/// <param name="Model">The model it counts for; null where it counts for several.</param>
/// <param name="WindowId">The window that these figures are of, e.g. <c>2026-11-21</c>.</param>
/// <param name="TimeZone">The IANA name of the zone whose days or months the window follows; null for UTC.</param>
/// <param name="Limit">In the unit as callers see it; null where there is no bound.</param>
/// <param name="ResetsAt">When the window ends; null for a limit that never resets.</param>
public sealed record QuotaResponse(
    string Id,
    string Kind,
    string? Model,
    string Unit,
    string Window,
    string WindowId,
    string Scope,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? Limit,
    decimal Used,
    decimal Reserved,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? Remaining,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ResetsAt,
    string? TimeZone = null)
{
    public const string Hard = "hard";
    public const string Gift = "gift";
    public const string Paid = "paid";

    /// <param name="states">In the order of <see cref="Terms.All"/>.</param>
    public static IEnumerable<QuotaResponse> All(Terms terms, string model, IEnumerable<QuotaState> states) => states.Select((state, index) => Of(
        state,
        index < terms.Hard.Count ? Hard : index < terms.Hard.Count + terms.Gifts.Count ? Gift : Paid,
        CountsOneModel(state.Bound.Limit.Scope) ? model : null));

    private static bool CountsOneModel(LimitScope scope) =>
        scope is LimitScope.OrgModel or LimitScope.KeyModel or LimitScope.EndUserModel;

    public static QuotaResponse Of(QuotaState state, string kind, string? model)
    {
        var limit = state.Bound.Limit;
        var unbounded = state.Amount is long.MaxValue;
        return new(
            state.Bound.Source,
            kind,
            model,
            limit.Unit.WireName(),
            limit.Window.WireName(),
            state.Window.Id,
            limit.Scope.WireName(),
            unbounded ? null : limit.Unit.Shown(state.Amount),
            limit.Unit.Shown(state.Used),
            limit.Unit.Shown(state.Reserved),
            unbounded ? null : limit.Unit.Shown(state.Remaining),
            state.Window.ResetsAt,
            limit.Zone.Equals(TimeZoneInfo.Utc) ? null : limit.Zone.Id);
    }
}
