using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/completions</c></summary>
public sealed class CompletionsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("Completions")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/completions")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.Completions, pipeline.RunAsync);
}
