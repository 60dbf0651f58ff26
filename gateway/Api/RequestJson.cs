using System.Text.Json.Serialization;

namespace Freeway.Gateway.Api;

/// <summary>
/// Reads request bodies. A field that is there twice is refused: nobody could say which of them is meant.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TopUpBody))]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(string))]
internal sealed partial class RequestJson : JsonSerializerContext;
