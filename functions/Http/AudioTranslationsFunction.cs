using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/audio/translations</c></summary>
public sealed class AudioTranslationsFunction(InferencePipeline pipeline, HttpEndpointRunner doorway)
{
    [Function("AudioTranslations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/audio/translations")] HttpRequest request) =>
        doorway.InferAsync(request, Surface.AudioTranslations, pipeline.RunAsync);
}
