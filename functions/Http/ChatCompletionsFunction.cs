using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/chat/completions</c></summary>
public sealed class ChatCompletionsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("ChatCompletions")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/chat/completions")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.ChatCompletions, pipeline.RunAsync);
}
