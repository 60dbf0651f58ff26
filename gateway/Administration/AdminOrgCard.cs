using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Administration;

/// <summary>An org as the operator sees it.</summary>
/// <param name="Plan">Of its requests on bare ids; null for the catalogue's default.</param>
/// <param name="PurchasedUsd">All that it has ever bought, as plans ask for it.</param>
/// <param name="Overflow">How far its requests may overflow; null for as far as their plan allows.</param>
/// <param name="MonthlyCeilingUsd">What it may spend in a calendar month; null for no ceiling but its balance.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record AdminOrgCard(
    string Id,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Plan,
    bool Premium,
    bool PhoneVerified,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserTier,
    string PurchasedUsd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Overflow,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? MonthlyCeilingUsd,
    bool Disabled,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "org";

    internal static AdminOrgCard Of(Org org) => new(
        org.Id,
        org.Name,
        org.Plan,
        org.Premium,
        org.PhoneVerified,
        org.UserTier,
        Money.Format(org.PurchasedNanos),
        org.Overflow?.WireName(),
        AdminFields.Usd(org.MonthlyCeilingNanos),
        org.Disabled,
        org.CreatedAt,
        org.DeletedAt);
}
