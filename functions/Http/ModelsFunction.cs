using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/models</c> and <c>GET /api/v1/models/{id}</c>; ids contain slashes, plain or percent-encoded.
/// </summary>
public sealed class ModelsFunction(ModelsView models, HttpEndpointRunner doorway)
{
    [Function("Models")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/models/{*slug}")]
        HttpRequest request) =>
        request.RouteText("slug") is { } slug ? FindAsync(request, slug) : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.PageModelResponse, models.ListAsync);

    private Task<IActionResult> FindAsync(HttpRequest request, string slug) => doorway.AnswerAsync(
        request, PlainJson.Api.ModelResponse,
        (caller, gone) => models.FindAsync(caller, Uri.UnescapeDataString(slug), gone));
}
