using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>One form of a body: by a type of ours whose schema is read from it, or by a schema as it stands.</summary>
/// <param name="Example">As JSON; for anything but JSON the text itself.</param>
internal sealed record ApiContent(string MediaType, string? Example = null)
{
    public const string Json = "application/json";
    public const string Problem = "application/problem+json";
    public const string Events = "text/event-stream";

    public JsonTypeInfo? Type { get; init; }

    public string? Schema { get; init; }

    /// <summary>What an upstream may send beside what is usual: sound, text, whatever its own media type says.</summary>
    public static ApiContent Anything { get; } = new("*/*") { Schema = """{"description":"As the upstream sent it."}""" };

    public static ApiContent Of(JsonTypeInfo type, string? example) => new(Json, example) { Type = type };

    public JsonNode? ExampleNode => Example is null ? null : MediaType.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(Example) : JsonValue.Create(Example);
}
