using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>What would become of a request if it were sent now.</summary>
/// <param name="Slug">As the caller wrote it.</param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>.</param>
/// <param name="Reservation">What it would take of each limit; where it is not admitted, what it wants.</param>
/// <param name="Refusal">Null where it would be admitted.</param>
public sealed record QuotaCheck(
    bool Admitted,
    string Slug,
    string Model,
    string Tier,
    IReadOnlyList<ReservedAmount> Reservation,
    EstimateCard Estimate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] CheckRefusal? Refusal)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "quota.check";
}
