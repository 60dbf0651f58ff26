using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Administration;

/// <summary>A management key as the operator sees it.</summary>
/// <param name="Scopes"><c>read</c>, <c>keys</c>, <c>billing</c>, <c>all</c>; every key may read.</param>
/// <param name="ExpiresAt">From when on it is unknown; null for never.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record ManagementKeyCard(
    string Id,
    string Label,
    IReadOnlyList<string> Scopes,
    bool Disabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ExpiresAt,
    DateTimeOffset? CreatedAt,
    string? CreatedBy,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "management_key";

    /// <summary>What operators send. It is told once, when it is made; nobody can read it again.</summary>
    public string? Secret { get; init; }

    internal static ManagementKeyCard Of(ManagementKey key) => new(
        key.Id,
        key.Label,
        [.. key.Scopes.Select(scope => scope.WireName())],
        key.Disabled,
        key.ExpiresAt,
        key.CreatedAt,
        key.CreatedBy,
        key.DeletedAt);
}
