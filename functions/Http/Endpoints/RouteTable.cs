using Freeway.Functions.Http.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace Freeway.Functions.Http.Endpoints;

/// <summary>
/// Knows which methods each path takes, as the OpenAPI document has it. A function's own route may take in several of
/// its paths, and the host keeps its routes to itself.
/// </summary>
public sealed class RouteTable
{
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Matcher, string[] Methods)>> _routes;

    /// <param name="operations">
    /// Gives all operations. Only a request for an unknown path asks for them, so that a start does not pay for it.
    /// </param>
    internal RouteTable(Func<IReadOnlyList<ApiOperation>> operations) =>
        _routes = new(() => [.. operations().Select(Route)]);

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

    private static (TemplateMatcher Matcher, string[] Methods) Route(ApiOperation operation) => (
        new TemplateMatcher(TemplateParser.Parse(operation.Template), []),
        operation.Method is "GET" ? ["GET", "HEAD"] : [operation.Method]);

    private static bool IsOfThePrefix(string segment) =>
        segment.Equals("api", StringComparison.OrdinalIgnoreCase)
        || segment.Equals("v1", StringComparison.OrdinalIgnoreCase);
}
