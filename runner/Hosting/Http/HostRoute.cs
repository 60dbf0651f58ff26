using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Freeway.Runner.Hosting.Http;

/// <summary>What the host's routing found for a request, kept with it on its way through the worker.</summary>
/// <param name="Values">The values of the route's parameters; the function's own are filled from them.</param>
/// <param name="Worker">The worker's part of the request, which follows the host's.</param>
internal sealed record HostRoute(RouteValueDictionary Values, RequestDelegate Worker)
{
    /// <summary>Null where the host answers itself.</summary>
    public HttpFunction? Function { get; set; }
}
