using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Changes;

namespace Freeway.Gateway.Catalogue.Versions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogueHead))]
[JsonSerializable(typeof(CatalogueReport))]
internal sealed partial class VersionsJson : JsonSerializerContext;
