using System.Text.Json;

namespace Freeway.Gateway.Identity;

/// <summary>Reads what audit records hold of orgs and keys.</summary>
internal static class AuditDocuments
{
    public static Org Org(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.Org)!;

    public static AuditedKey Key(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.AuditedKey)!;

    public static ManagementKey ManagementKey(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.ManagementKey)!;
}

/// <summary>An API key as the audit shows it.</summary>
/// <param name="OldSecretsEnd">When the secrets before the newest stop working; null where one lasts.</param>
internal sealed record AuditedKey(ApiKey Key, IReadOnlyList<DateTimeOffset?>? OldSecretsEnd)
{
    public static AuditedKey Of(KeyDocument document) =>
        new(document.Key, document.Secrets.Count < 2 ? null : [.. document.Secrets.Skip(1).Select(secret => secret.EndsAt)]);
}
