using System.Text.Json;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Keys;

/// <summary>Orgs and keys as documents, and as the audit shows them: without secrets.</summary>
public static class KeyDocuments
{
    public static Org Org(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.Org)!;

    public static KeyDocument Key(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.KeyDocument)!;

    public static ManagementKeyDocument ManagementKey(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.ManagementKeyDocument)!;

    /// <param name="was">Null where there was none.</param>
    public static Draft Draft(Org? was, Org org)
    {
        var json = JsonSerializer.Serialize(org, KeysJson.Default.Org);
        return new Draft(json, was is null ? null : JsonSerializer.Serialize(was, KeysJson.Default.Org), json);
    }

    /// <param name="was">Null where there was none.</param>
    public static Draft Draft(KeyDocument? was, KeyDocument key) => new(
        JsonSerializer.Serialize(key, KeysJson.Default.KeyDocument),
        was is null ? null : JsonSerializer.Serialize(KeyAudit.Of(was), KeysJson.Default.KeyAudit),
        JsonSerializer.Serialize(KeyAudit.Of(key), KeysJson.Default.KeyAudit));

    /// <summary>Null where nothing would be otherwise.</summary>
    public static Decision<Draft>? Changed(KeyDocument was, KeyDocument key)
    {
        var draft = Draft(was, key);
        return draft.Json == JsonSerializer.Serialize(was, KeysJson.Default.KeyDocument) ? (Decision<Draft>?)null : draft;
    }

    /// <summary>Null where nothing would be otherwise.</summary>
    public static Decision<Draft>? Changed(ManagementKeyDocument was, ManagementKeyDocument key)
    {
        var draft = Draft(was, key);
        return draft.Json == JsonSerializer.Serialize(was, KeysJson.Default.ManagementKeyDocument) ? (Decision<Draft>?)null : draft;
    }

    /// <param name="was">Null where there was none.</param>
    public static Draft Draft(ManagementKeyDocument? was, ManagementKeyDocument key) => new(
        JsonSerializer.Serialize(key, KeysJson.Default.ManagementKeyDocument),
        was is null ? null : JsonSerializer.Serialize(was.Key, KeysJson.Default.ManagementKey),
        JsonSerializer.Serialize(key.Key, KeysJson.Default.ManagementKey));
}
