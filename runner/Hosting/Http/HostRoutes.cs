using Freeway.Runner.Hosting.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Freeway.Runner.Hosting.Http;

/// <summary>The routes of a host, in the order in which it tries them.</summary>
internal sealed class HostRoutes(IInlineConstraintResolver constraints)
{
    private readonly RouteCollection _routes = new();

    /// <summary>Adds a route behind those that are there.</summary>
    /// <param name="methods">Null or empty for any; a method that is not named goes on to the next route.</param>
    /// <exception cref="ArgumentException">The pattern is none.</exception>
    public void Add(string pattern, string[]? methods, RequestDelegate handler)
    {
        var method = methods is { Length: > 0 }
            ? new Dictionary<string, object> { ["httpMethod"] = new HttpMethodRouteConstraint(methods) }
            : [];
        _routes.Add(new Route(
            new RouteHandler(handler), pattern, defaults: null, method, dataTokens: null, constraints));
    }

    /// <summary>The routes, ready to serve; none is added from here on.</summary>
    public KnownRoutes Known() => new(_routes);

    /// <summary>A function's pattern behind the app's prefix.</summary>
    public static string Pattern(string prefix, string route) =>
        $"/{prefix.Trim('/')}/{route.Trim('/')}".Replace("//", "/", StringComparison.Ordinal);

    /// <summary>The functions in the order in which the host tries their routes.</summary>
    public static IEnumerable<T> InOrder<T>(
        IEnumerable<T> functions, RouteOrder order, Func<T, string> name, Func<T, string> pattern) =>
        functions
            .OrderBy(function => order is RouteOrder.Pattern ? Precedence(pattern(function)) : 0)
            .ThenBy(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Lower comes first: a literal segment before a parameter, that before the rest of a path.</summary>
    private static decimal Precedence(string pattern) => RoutePatternFactory.Parse(pattern).InboundPrecedence;
}
