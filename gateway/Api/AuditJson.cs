using System.Text.Json.Serialization;

namespace Freeway.Gateway.Api;

/// <summary>How documents stand in the audit: as they are answered.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(AdminOrgResponse))]
[JsonSerializable(typeof(AdminKeyResponse))]
[JsonSerializable(typeof(ManagementKeyResponse))]
internal sealed partial class AuditJson : JsonSerializerContext;
