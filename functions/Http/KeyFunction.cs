using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/key</c>: what the calling key is.</summary>
public sealed class KeyFunction(KeyView keys, HttpEndpointRunner doorway)
{
    [Function("Key")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/key")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.KeyResponse, keys.FindAsync);
}
