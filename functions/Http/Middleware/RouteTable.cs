using Freeway.Functions.Http.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace Freeway.Functions.Http.Middleware;

/// <summary>
/// Knows which methods each path takes, as the OpenAPI document has it. A function's own route may take in several of
/// its paths, and the host keeps its routes to itself.
/// </summary>
public sealed class RouteTable
{
    // Only requests that go astray need it, so that a start does not pay for it.
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Matcher, string[] Methods)>> _routes = new(() =>
        [.. Routes.Select(route => (new TemplateMatcher(TemplateParser.Parse(route.Template), []), route.Methods))]);

    private static IEnumerable<(string Template, string[] Methods)> Routes =>
        from operation in ApiDocument.Operations
        select (operation.Template, operation.Method is "GET" ? ["GET", "HEAD"] : new[] { operation.Method });

    /// <summary>Gives the methods that a path takes beside OPTIONS; none where there is nothing at it.</summary>
    public IReadOnlyList<string> MethodsAt(PathString path) =>
    [
        .. _routes.Value.Where(route => route.Matcher.TryMatch(path, []))
            .SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Guesses the path that was meant where the prefix is missing, doubled or broken; null where no guess leads
    /// anywhere.
    /// </summary>
    public string? Nearest(PathString path)
    {
        var end = path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(IsOfThePrefix);
        var tail = string.Join('/', end);
        return new[] { $"/api/v1/{tail}", $"/{tail}" }
            .FirstOrDefault(guess => guess != path && MethodsAt(guess).Count > 0);
    }

    private static bool IsOfThePrefix(string segment) =>
        segment.Equals("api", StringComparison.OrdinalIgnoreCase)
        || segment.Equals("v1", StringComparison.OrdinalIgnoreCase);
}
