using System.Text.Json.Serialization;
using Freeway.Gateway.Views;

namespace Freeway.Gateway.Administration;

/// <summary>How documents stand in the audit: as they are answered.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(AdminOrgCard))]
[JsonSerializable(typeof(AdminKeyCard))]
[JsonSerializable(typeof(ManagementKeyCard))]
internal sealed partial class AdministrationJson : JsonSerializerContext;
