using System.Text.Json.Serialization;

namespace Freeway.Gateway.Keys;

/// <summary>How orgs and keys are kept.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Org))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(KeyAudit))]
[JsonSerializable(typeof(ManagementKeyDocument))]
[JsonSerializable(typeof(ManagementKey))]
internal sealed partial class KeysJson : JsonSerializerContext;
