using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/responses</c></summary>
public sealed class ResponsesFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("Responses")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/responses")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.Responses, pipeline.RunAsync);
}
