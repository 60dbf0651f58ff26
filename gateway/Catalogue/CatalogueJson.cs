using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(CatalogueDocument))]
[JsonSerializable(typeof(UpstreamEntry))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
