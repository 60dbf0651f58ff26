using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>Orgs and keys as documents, and as the audit shows them: without secrets.</summary>
public static class KeyDocuments
{
    public static Org Org(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.Org)!;

    public static KeyDocument Key(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.KeyDocument)!;

    public static ManagementKeyDocument ManagementKey(Document document) => JsonSerializer.Deserialize(document.Json, KeysJson.Default.ManagementKeyDocument)!;

    /// <param name="was">Null where there was none.</param>
    public static DocumentDraft Draft(Org? was, Org org)
    {
        var json = JsonSerializer.Serialize(org, KeysJson.Default.Org);
        return new DocumentDraft(json, was is null ? null : JsonSerializer.Serialize(was, KeysJson.Default.Org), json);
    }

    /// <param name="was">Null where there was none.</param>
    public static DocumentDraft Draft(KeyDocument? was, KeyDocument key) => new(
        JsonSerializer.Serialize(key, KeysJson.Default.KeyDocument),
        was is null ? null : JsonSerializer.Serialize(AuditedKey.Of(was), KeysJson.Default.AuditedKey),
        JsonSerializer.Serialize(AuditedKey.Of(key), KeysJson.Default.AuditedKey));

    /// <summary>Gives the document as it would be; null where nothing would change.</summary>
    public static Result<DocumentDraft>? Changed(KeyDocument was, KeyDocument key)
    {
        var draft = Draft(was, key);
        return draft.Json == JsonSerializer.Serialize(was, KeysJson.Default.KeyDocument) ? (Result<DocumentDraft>?)null : draft;
    }

    /// <summary>Gives the document as it would be; null where nothing would change.</summary>
    public static Result<DocumentDraft>? Changed(ManagementKeyDocument was, ManagementKeyDocument key)
    {
        var draft = Draft(was, key);
        return draft.Json == JsonSerializer.Serialize(was, KeysJson.Default.ManagementKeyDocument) ? (Result<DocumentDraft>?)null : draft;
    }

    /// <param name="was">Null where there was none.</param>
    public static DocumentDraft Draft(ManagementKeyDocument? was, ManagementKeyDocument key) => new(
        JsonSerializer.Serialize(key, KeysJson.Default.ManagementKeyDocument),
        was is null ? null : JsonSerializer.Serialize(was.Key, KeysJson.Default.ManagementKey),
        JsonSerializer.Serialize(key.Key, KeysJson.Default.ManagementKey));
}

/// <summary>An API key as it is kept.</summary>
/// <param name="Secrets">The newest first.</param>
public sealed record KeyDocument(ApiKey Key, IReadOnlyList<StoredSecret> Secrets);

/// <summary>A management key as it is kept.</summary>
public sealed record ManagementKeyDocument(ManagementKey Key, IReadOnlyList<StoredSecret> Secrets);

/// <summary>
/// One of the secrets of a key; after a rotation the old one may work for a while beside the new one.
/// </summary>
/// <param name="EndsAt">When it stops working; null where it lasts as long as the key.</param>
public sealed record StoredSecret(KeyHash Hash, DateTimeOffset? EndsAt = null);

/// <summary>The secrets of one key.</summary>
public static class StoredSecretExtensions
{
    /// <summary>Tells whether one of the secrets has this hash and has not ended.</summary>
    public static bool Opens(this IReadOnlyList<StoredSecret> secrets, KeyHash hash, DateTimeOffset now) =>
        secrets.Any(secret => secret.Hash == hash && !(secret.EndsAt <= now));
}

/// <summary>The JSON in which organisations and keys are stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Org))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(AuditedKey))]
[JsonSerializable(typeof(ManagementKeyDocument))]
[JsonSerializable(typeof(ManagementKey))]
internal sealed partial class KeysJson : JsonSerializerContext;
