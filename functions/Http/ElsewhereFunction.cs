using Freeway.Functions.Http.Manners;
using Freeway.Gateway.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// What no other door takes: <c>OPTIONS</c>, methods that a path does not have, and paths that lead nowhere. The host's
/// routing comes here last.
/// </summary>
public sealed class ElsewhereFunction(RouteTable routes, Doorway doorway)
{
    private static readonly EmptyResult Answered = new();

    [Function("Elsewhere")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request)
    {
        var methods = routes.MethodsAt(request.Path);
        if (methods.Count is 0)
        {
            return doorway.RefuseAsync(request, Refuse.PathNotFound(request.Path, routes.Nearest(request.Path)));
        }

        var response = request.HttpContext.Response;
        response.Headers.Allow = string.Join(", ", methods.Append(HttpMethods.Options));
        if (!HttpMethods.IsOptions(request.Method))
        {
            return doorway.RefuseAsync(request, Refuse.MethodNotAllowed(request.Method, request.Path, methods));
        }

        response.StatusCode = StatusCodes.Status204NoContent;
        return Task.FromResult<IActionResult>(Answered);
    }
}
