using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue.Versions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogueHead))]
internal sealed partial class VersionsJson : JsonSerializerContext;
