using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/models</c> and <c>GET /api/v1/models/{id}</c>; ids contain slashes, plain or percent-encoded.</summary>
public sealed class ModelsFunction(ModelsView models, Doorway doorway)
{
    [Function("Models")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/models")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.PageModelCard, models.ListAsync);

    [Function("Model")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/models/{*slug}")] HttpRequest request, string slug) =>
        doorway.AnswerAsync(request, PlainJson.Api.ModelCard, (caller, gone) => models.FindAsync(caller, Uri.UnescapeDataString(slug), gone));
}
