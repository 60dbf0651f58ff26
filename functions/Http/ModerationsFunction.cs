using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/moderations</c></summary>
public sealed class ModerationsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("Moderations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/moderations")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.Moderations, pipeline.RunAsync);
}
