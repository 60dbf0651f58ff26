using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>What the calling key is, what binds it, and what it has used.</summary>
/// <param name="Plan">Of its requests on bare ids.</param>
/// <param name="UnknownPlan">The plan that its org was given and that does not exist, so that <paramref name="Plan"/> is the default one; else null.</param>
/// <param name="IsFreeTier">True while its org has bought nothing.</param>
/// <param name="Overflow">How far its requests may overflow, e.g. <c>next_free</c>; null for as far as their plan allows.</param>
/// <param name="RefusalStatus">The status that a spent hard quota is answered with.</param>
/// <param name="MonthlyCeilingUsd">What this key may spend in a month; null for no ceiling of its own.</param>
public sealed record KeyCard(
    string Id,
    string Label,
    OrgCard Org,
    string Plan,
    string? UnknownPlan,
    bool IsFreeTier,
    bool Premium,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Overflow,
    int RefusalStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? MonthlyCeilingUsd,
    IReadOnlyList<QuotaCard> Limits,
    KeyUsage Usage)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "key";
}
