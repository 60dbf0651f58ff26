using System.Text.Json;

namespace Freeway.Bicep.Tests.Compiler;

/// <summary>
/// What one parameter file deploys: every resource with its values. What Azure alone knows, such as an address, is
/// still an expression in square brackets.
/// </summary>
internal sealed class Deployment
{
    public Deployment(string parameterFile, string snapshot)
    {
        ParameterFile = parameterFile;
        using var document = JsonDocument.Parse(snapshot);
        Resources = [.. document.RootElement.GetProperty("predictedResources").EnumerateArray()
            .Select(resource => new Resource(resource.Clone()))];
        Site = Of("Microsoft.Web/sites").SingleOrDefault();
        Settings = (Site?.List("properties.siteConfig.appSettings") ?? [])
            .ToDictionary(Name, setting => Resource.TextOf(setting.GetProperty("value")));
    }

    public string ParameterFile { get; }

    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>The function app; null where the template has none.</summary>
    public Resource? Site { get; }

    /// <summary>The app's settings, expressions included.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public IEnumerable<Resource> Of(string type) => Resources.Where(resource => resource.Type == type);

    private static string Name(JsonElement setting) => setting.GetProperty("name").GetString()!;
}

/// <summary>One resource of a deployment.</summary>
internal sealed class Resource(JsonElement body)
{
    public string Id { get; } = body.GetProperty("id").GetString()!;

    /// <summary>The full type, e.g. <c>Microsoft.ServiceBus/namespaces/queues</c>.</summary>
    public string Type { get; } = body.GetProperty("type").GetString()!;

    /// <summary>The names of its parents and its own, with slashes between.</summary>
    public string Name { get; } = body.GetProperty("name").GetString()!;

    /// <summary>The whole resource as JSON text.</summary>
    public string Json { get; } = body.GetRawText();

    /// <summary>The value at a path such as <c>properties.criteria.allOf.0.query</c>; null where none is.</summary>
    public JsonElement? At(string path)
    {
        JsonElement? value = body;
        foreach (var part in path.Split('.'))
        {
            value = Member(value!.Value, part);
            if (value is null)
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>The value at a path as text; null where there is none, or null.</summary>
    public string? Text(string path) => At(path) is { ValueKind: not JsonValueKind.Null } value ? TextOf(value) : null;

    /// <summary>A value as text: strings without their quotes, all else as in JSON.</summary>
    public static string TextOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>The items of the list at a path; none where there is no list.</summary>
    public IReadOnlyList<JsonElement> List(string path) =>
        At(path) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static JsonElement? Member(JsonElement value, string name)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            return value.TryGetProperty(name, out var member) ? member : null;
        }

        var isList = value.ValueKind is JsonValueKind.Array;
        return isList && int.TryParse(name, out var index) && index < value.GetArrayLength() ? value[index] : null;
    }
}
