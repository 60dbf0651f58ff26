using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/images/generations</c></summary>
public sealed class ImageGenerationsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("ImageGenerations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/images/generations")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.ImageGenerations, pipeline.RunAsync);
}
