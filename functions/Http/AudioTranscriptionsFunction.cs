using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/audio/transcriptions</c></summary>
public sealed class AudioTranscriptionsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("AudioTranscriptions")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/audio/transcriptions")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.AudioTranscriptions, pipeline.RunAsync);
}
