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

    /// <summary>Any other body that an upstream may send: sound, text, whatever its own media type says.</summary>
    public static ApiContent Anything { get; } = new("*/*") { Schema = """{"description":"As the upstream sent it."}""" };

    /// <summary>The types that a body may have where it is one of several; empty where there is one.</summary>
    public IReadOnlyList<JsonTypeInfo> AnyOf { get; init; } = [];

    /// <summary>A JSON body of one of these types.</summary>
    /// <param name="example">One of the first type.</param>
    public static ApiContent Either(string example, params JsonTypeInfo[] types) =>
        new(Json, example) { AnyOf = types };

    public static ApiContent Of(JsonTypeInfo type, string? example) => new(Json, example) { Type = type };

    /// <summary>The member <c>id</c> of a document that is created, as a property of a JSON schema.</summary>
    public const string IdProperty = """ "id":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"} """;

    /// <summary>Makes a JSON body that takes no other members than those named.</summary>
    /// <param name="example">The body as JSON.</param>
    /// <param name="properties">The members with their schemas, as JSON without the braces around them.</param>
    /// <param name="required">The names of the members that must be there, each in quotes, with commas between.</param>
    public static ApiContent Body(string example, string properties, string required = "") => new(Json, example)
    {
        Schema = $$"""{"type":"object","additionalProperties":false,"required":[{{required}}],"properties":{ {{properties}} } }""",
    };

    /// <summary>Makes an answer as CSV.</summary>
    public static ApiContent Csv(string example) => new("text/csv", example) { Schema = """{"type":"string"}""" };

    /// <summary>Makes the example of a list with one item, the last page.</summary>
    public static string ListOf(string item) => $$"""{"object":"list","data":[{{item}}],"next_cursor":null}""";

    public JsonNode? ExampleNode => Example is null ? null : MediaType.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(Example) : JsonValue.Create(Example);
}
