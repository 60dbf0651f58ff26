using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.OpenApi;

/// <summary>Reads schemas from the types that are written, each of ours once, under its own name.</summary>
internal sealed class ApiSchemas
{
    private const string Place = "#/components/schemas/";
    private static readonly string[] Endings = ["Response", "Body"];

    private readonly SortedDictionary<string, JsonNode?> _schemas = new(StringComparer.Ordinal);

    /// <summary>A reference to the schema of this type, which is noted for <see cref="Write"/>.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        var name = NameOf(type.Type);
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = null;
            _schemas[name] = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
        }

        return Reference(name);
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = Place + name };

    public JsonObject Write() => new(_schemas.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static string NameOf(Type type)
    {
        if (type.IsGenericType)
        {
            return NameOf(type.GetGenericArguments()[0]) + "List";
        }

        var ending = Array.Find(Endings, end => type.Name.EndsWith(end, StringComparison.Ordinal));
        return ending is null ? type.Name : type.Name[..^ending.Length];
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var mayBeNull = context.PropertyInfo is { } property && MayBeNull(property);
        if (type == typeof(DateTimeOffset))
        {
            return OrNull(new JsonObject { ["type"] = "string", ["format"] = "date-time" }, mayBeNull);
        }

        if (type == typeof(CapBound))
        {
            return new JsonObject { ["type"] = new JsonArray("integer", "string", "boolean") };
        }

        if (context.TypeInfo.Kind is not JsonTypeInfoKind.Object)
        {
            return mayBeNull ? schema : WithoutNull(schema);
        }

        if (!context.Path.IsEmpty)
        {
            return OrNull(Of(context.TypeInfo), mayBeNull);
        }

        schema["type"] = "object";
        schema["required"] = new JsonArray(
            [.. context.TypeInfo.Properties.Where(IsAlwaysThere).Select(always => JsonValue.Create(always.Name))]);
        return schema;
    }

    /// <summary>
    /// Tells whether a property may be null in the JSON: null is left out, unless the property says that it is to be
    /// written.
    /// </summary>
    private static bool MayBeNull(JsonPropertyInfo property) => property.IsGetNullable
        && property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }];

    private static bool IsAlwaysThere(JsonPropertyInfo property) => !property.IsGetNullable || MayBeNull(property);

    private static JsonNode WithoutNull(JsonNode schema)
    {
        if (schema is JsonObject && schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(type => type!.GetValue<string>()).First(type => type is not "null");
        }

        return schema;
    }

    private static JsonObject OrNull(JsonObject schema, bool mayBeNull) => !mayBeNull ? schema
        : schema["type"] is { } type ? new JsonObject { ["type"] = new JsonArray(type.GetValue<string>(), "null"), ["format"] = schema["format"]?.DeepClone() }
        : new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
}
