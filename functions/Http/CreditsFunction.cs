using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/credits</c>: bought, spent, held, left.</summary>
public sealed class CreditsFunction(CreditsView credits, HttpEndpointRunner doorway)
{
    [Function("Credits")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/credits")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.CreditsResponse, credits.FindAsync);
}
