using System.Text.Json.Serialization;

namespace Freeway.Gateway.Api;

/// <summary>Writes documents into audit records as the API answers with them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(AdminOrgResponse))]
[JsonSerializable(typeof(AdminKeyResponse))]
[JsonSerializable(typeof(ManagementKeyResponse))]
internal sealed partial class AuditJson : JsonSerializerContext;
