using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

/// <summary>An API key as the operator sees it.</summary>
/// <param name="AllowedModels">The models that it may call, as patterns of ids; null for all.</param>
/// <param name="Limits">Its own, beside those of the plan.</param>
/// <param name="Overflow">How far its requests may overflow; null for as far as its org's may.</param>
/// <param name="RefusalStatus">The status that a spent hard quota is answered with.</param>
/// <param name="MonthlyCeilingUsd">What it may spend in a calendar month; null for no ceiling of its own.</param>
/// <param name="ExpiresAt">From when on it is unknown; null for never.</param>
/// <param name="OldSecretsEnd">When the secrets from before the last rotations stop working.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record AdminKeyCard(
    string Id,
    string Org,
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<KeyLimitCard> Limits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Overflow,
    int RefusalStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? MonthlyCeilingUsd,
    bool Disabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ExpiresAt,
    IReadOnlyList<DateTimeOffset> OldSecretsEnd,
    DateTimeOffset? CreatedAt,
    string? CreatedBy,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "key";

    /// <summary>What callers send. It is told once, when it is made; nobody can read it again.</summary>
    public string? Secret { get; init; }

    internal static AdminKeyCard Of(KeyDocument document, DateTimeOffset now) => Of(KeyAudit.Of(document), now);

    /// <param name="now">What has ended by then is not told of.</param>
    internal static AdminKeyCard Of(KeyAudit audit, DateTimeOffset now)
    {
        var key = audit.Key;
        return new(
            key.Id,
            key.OrgId,
            key.Label,
            key.AllowedModels,
            [.. (key.Limits ?? []).Select(KeyLimitCard.Of)],
            key.Overflow?.WireName(),
            key.HardRefusal.Status(),
            AdminFields.Usd(key.MonthlyCeilingNanos),
            key.Disabled,
            key.ExpiresAt,
            [.. (audit.OldSecretsEnd ?? []).OfType<DateTimeOffset>().Where(end => end > now)],
            key.CreatedAt,
            key.CreatedBy,
            key.DeletedAt);
    }
}
