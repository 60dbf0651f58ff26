using System.Text.Json;

namespace Freeway.Bicep.Tests.Compiler;

/// <summary>A compiled template, with the templates of its modules.</summary>
internal sealed class Template
{
    private const string Module = "Microsoft.Resources/deployments";
    private const string RoleAssignment = "Microsoft.Authorization/roleAssignments";

    internal Template(string name, JsonElement body)
    {
        Name = name;
        Json = body.GetRawText();
        Parameters = body.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value)
            : [];
        var resources = ResourcesOf(body).ToArray();
        RoleAssignments = [.. resources.Where(resource => Type(resource.Body) is RoleAssignment)
            .Select(resource => resource.Body)];
        Modules = [.. resources.Where(resource => Type(resource.Body) is Module)
            .Select(resource => new ModuleCall(resource.Name, resource.Body.GetProperty("properties")))];
    }

    /// <summary>The module's symbol in <c>main.bicep</c>; <c>main</c> for the template itself.</summary>
    public string Name { get; }

    public string Json { get; }

    public IReadOnlyDictionary<string, JsonElement> Parameters { get; }

    public IReadOnlyList<JsonElement> RoleAssignments { get; }

    public IReadOnlyList<ModuleCall> Modules { get; }

    public static Template Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Template("main", document.RootElement.Clone());
    }

    /// <summary>This template and those of its modules.</summary>
    public IEnumerable<Template> All() => Modules.SelectMany(module => module.Template.All()).Prepend(this);

    /// <summary>Resources are an object by symbol where the template uses newer features, and else a list.</summary>
    private static IEnumerable<(string Name, JsonElement Body)> ResourcesOf(JsonElement template)
    {
        var resources = template.GetProperty("resources");
        return resources.ValueKind is JsonValueKind.Object
            ? resources.EnumerateObject().Select(resource => (resource.Name, resource.Value))
            : resources.EnumerateArray().Select(resource => (resource.GetProperty("name").GetString()!, resource));
    }

    private static string? Type(JsonElement resource) => resource.GetProperty("type").GetString();
}

/// <summary>A module and what it is given.</summary>
internal sealed class ModuleCall(string name, JsonElement properties)
{
    public Template Template { get; } = new(name, properties.GetProperty("template"));

    /// <summary>The value or expression that a parameter of the module is given; null where it is given none.</summary>
    public string? Given(string parameter)
    {
        var isGiven = properties.GetProperty("parameters").TryGetProperty(parameter, out var given);
        return isGiven && given.ValueKind is JsonValueKind.Object ? given.GetProperty("value").ToString() : null;
    }
}
