using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/audio/speech</c></summary>
public sealed class AudioSpeechFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("AudioSpeech")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/audio/speech")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.AudioSpeech, pipeline.RunAsync);
}
