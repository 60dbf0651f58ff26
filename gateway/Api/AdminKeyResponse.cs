using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>An API key as the operator sees it.</summary>
/// <param name="AllowedModels">The models that it may call, as patterns of ids; null for all.</param>
/// <param name="Limits">Its own, beside those of the plan.</param>
/// <param name="Overflow">How far its requests may overflow; null for as far as its org's may.</param>
/// <param name="RefusalStatus">The status that a spent hard quota is answered with.</param>
/// <param name="MonthlyCeilingUsd">What it may spend in a calendar month; null for no ceiling of its own.</param>
/// <param name="ExpiresAt">From when on it is unknown; null for never.</param>
/// <param name="OldSecretsEnd">When the secrets from before the last rotations stop working.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record AdminKeyResponse(
    string Id,
    string Org,
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<string>? AllowedModels,
    IReadOnlyList<KeyLimitResponse> Limits,
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

    /// <summary>The secret that callers send. It is shown once, when it is made; nobody can read it again.</summary>
    public string? Secret { get; init; }

    internal static DocumentResult<AdminKeyResponse> Of(Document document, DateTimeOffset now) =>
        new(Of(KeyDocuments.Key(document), now), document.Revision);

    internal static AdminKeyResponse Of(KeyDocument document, DateTimeOffset now) => Of(AuditedKey.Of(document), now);

    /// <param name="now">What has ended by then is not told of.</param>
    internal static AdminKeyResponse Of(AuditedKey audit, DateTimeOffset now)
    {
        var key = audit.Key;
        return new(
            key.Id,
            key.OrgId,
            key.Label,
            key.AllowedModels,
            [.. (key.Limits ?? []).Select(KeyLimitResponse.Of)],
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

/// <summary>A key's own limit, as it was given.</summary>
/// <param name="Scope"><c>key</c>, or <c>key_model</c> for the amount on each model.</param>
/// <param name="Models">The models that it counts for; left out for all.</param>
public sealed record KeyLimitResponse(
    string Name,
    string Unit,
    decimal Amount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Window,
    string Scope,
    IReadOnlyList<string>? Models)
{
    internal static KeyLimitResponse Of(KeyLimit limit) => new(
        limit.Name, limit.Unit, limit.Amount, limit.Window, limit.Scope, limit.Models);
}
