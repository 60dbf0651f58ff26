using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters = [
        typeof(SnakeCaseEnum<Policies.LimitUnit>),
        typeof(SnakeCaseEnum<Policies.LimitWindow>),
        typeof(SnakeCaseEnum<Policies.LimitScope>)])]
[JsonSerializable(typeof(CatalogueDocument))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
