using System.Text.Json.Serialization;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>What would become of a request if it were sent now.</summary>
/// <param name="Slug">As the caller wrote it.</param>
/// <param name="Model">What would answer: another than was asked for where the request would overflow to the next free model.</param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>; null where there are no terms for it.</param>
/// <param name="Reservation">What it would take of each limit; where it is not admitted, what it wants.</param>
/// <param name="Estimate">Null where the request is refused before one is made.</param>
/// <param name="Refusal">Null where it would be admitted.</param>
public sealed record QuotaCheck(
    bool Admitted,
    string Slug,
    string Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Tier,
    IReadOnlyList<ReservedAmount> Reservation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EstimateCard? Estimate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] CheckRefusal? Refusal)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "quota.check";

    internal static QuotaCheck Of(string slug, Quote quote, Taking taking) => new(
        true,
        slug,
        quote.Model.Id,
        quote.Tier(gifted: taking.Covered > 0),
        [.. quote.Takes.Select((take, index) => ReservedAmount.Of(take.Bound, taking.Amounts[index]))],
        EstimateCard.Of(quote),
        null);

    internal static QuotaCheck Of(string slug, Quote quote, Refusal refusal) => new(
        false,
        slug,
        quote.Model.Id,
        quote.Tier(gifted: false),
        [.. quote.Takes.Select(take => ReservedAmount.Of(take.Bound, take.Amount))],
        EstimateCard.Of(quote),
        CheckRefusal.Of(refusal));

    internal static QuotaCheck Without(string slug, string model, Refusal refusal) => new(false, slug, model, null, [], null, CheckRefusal.Of(refusal));
}
