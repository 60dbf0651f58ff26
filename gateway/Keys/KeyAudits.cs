using System.Text.Json;

namespace Freeway.Gateway.Keys;

/// <summary>Reads what audit records hold of orgs and keys.</summary>
internal static class KeyAudits
{
    public static Org Org(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.Org)!;

    public static KeyAudit Key(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.KeyAudit)!;

    public static ManagementKey ManagementKey(string json) => JsonSerializer.Deserialize(json, KeysJson.Default.ManagementKey)!;
}
