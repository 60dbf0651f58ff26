using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Freeway.Functions.Http.Endpoints;

/// <summary>
/// Answers requests that fit no endpoint: 404 where the path has none, 405 with <c>Allow</c> where its endpoints take
/// other methods, and 204 with <c>Allow</c> to <c>OPTIONS</c>.
/// </summary>
public sealed class UnmatchedRequestHandler(RouteTable routes, HttpEndpointRunner runner)
{
    private static readonly EmptyResult Answered = new();

    internal Task<IActionResult> AnswerAsync(HttpRequest request)
    {
        var methods = routes.MethodsAt(request.Path);
        if (methods.Count is 0)
        {
            return runner.RefuseAsync(request, Refuse.PathNotFound(request.Path, routes.Nearest(request.Path)));
        }

        var response = request.HttpContext.Response;
        response.Headers.Allow = string.Join(", ", methods.Append(HttpMethods.Options));
        if (!HttpMethods.IsOptions(request.Method))
        {
            return runner.RefuseAsync(request, Refuse.MethodNotAllowed(request.Method, request.Path, methods));
        }

        response.StatusCode = StatusCodes.Status204NoContent;
        return Task.FromResult<IActionResult>(Answered);
    }
}
