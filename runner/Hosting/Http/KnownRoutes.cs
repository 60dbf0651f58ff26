using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Freeway.Runner.Hosting.Http;

/// <summary>
/// Remembers which route serves a method and path, where the route has no parameters: to go through all of them for
/// each request costs more than everything else that the host does.
/// </summary>
internal sealed class KnownRoutes(RouteCollection routes)
{
    /// <summary>There are fewer routes; callers may write their paths in as many cases as they like.</summary>
    private const int Most = 500;

    private readonly ConcurrentDictionary<(string Method, string Path), RequestDelegate> _handlers = [];

    /// <summary>Finds the handler of a request whose route is remembered, and has no parameters; null for any other.</summary>
    public RequestDelegate? Find(HttpContext http) => _handlers.GetValueOrDefault(Name(http));

    /// <summary>Finds the handler of a request and the values of its route's parameters; a null handler for none.</summary>
    public async ValueTask<(RequestDelegate? Handler, RouteValueDictionary Values)> FindAsync(HttpContext http)
    {
        if (Find(http) is { } known)
        {
            return (known, []);
        }

        var context = new RouteContext(http);
        await routes.RouteAsync(context);
        var (handler, values) = (context.Handler, context.RouteData.Values);
        if (handler is not null && values.Count is 0 && _handlers.Count < Most)
        {
            _handlers[Name(http)] = handler;
        }

        return (handler, values);
    }

    private static (string Method, string Path) Name(HttpContext http) =>
        (http.Request.Method, http.Request.Path.Value ?? "");
}
