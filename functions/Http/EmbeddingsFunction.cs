using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/embeddings</c></summary>
public sealed class EmbeddingsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("Embeddings")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/embeddings")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.Embeddings, pipeline.RunAsync);
}
