using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http.Manners;

/// <summary>Which methods each path takes, read once from the functions' attributes: the host keeps this to itself.</summary>
public sealed class RouteTable
{
    private readonly IReadOnlyList<(TemplateMatcher Matcher, string[] Methods)> _routes =
        [.. Routes.Select(route => (new TemplateMatcher(TemplateParser.Parse(route.Template), []), route.Methods))];

    /// <summary>Every door with a place of its own: what names no method catches the rest and is not one.</summary>
    internal static IEnumerable<(string Template, string[] Methods)> Routes => typeof(RouteTable).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(FunctionAttribute)))
        .SelectMany(method => method.GetParameters())
        .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
        .Where(trigger => trigger is { Route: not null, Methods.Length: > 0 })
        .Select(trigger => (trigger!.Route!, Array.ConvertAll(trigger.Methods!, method => method.ToUpperInvariant())));

    /// <summary>What a path takes beside OPTIONS; empty where there is nothing at it.</summary>
    public IReadOnlyList<string> MethodsAt(PathString path) =>
        [.. _routes.Where(route => route.Matcher.TryMatch(path, [])).SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The path that was meant, where the prefix is missing, doubled or broken; null where there is no such guess.</summary>
    public string? Nearest(PathString path)
    {
        var end = path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(part => part.Equals("api", StringComparison.OrdinalIgnoreCase) || part.Equals("v1", StringComparison.OrdinalIgnoreCase));
        var tail = string.Join('/', end);
        return new[] { $"/api/v1/{tail}", $"/{tail}" }.FirstOrDefault(guess => guess != path && MethodsAt(guess).Count > 0);
    }
}
