using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /openapi.json</c>: the description of all endpoints. It changes with the program alone, so that caches may
/// keep it.
/// </summary>
public sealed class OpenApiFunction(ApiDocument document)
{
    private static readonly EmptyResult Answered = new();

    [Function("OpenApi")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")]
        HttpRequest request)
    {
        var http = request.HttpContext;
        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.Headers.Vary = "Accept-Encoding";
        // Run here rather than handed to the host, to be compressed like every other answer.
        await TypedResults.Bytes(
            document.Bytes, JsonResponse.Json, entityTag: new EntityTagHeaderValue(document.ETag)).ExecuteAsync(http);
        return Answered;
    }
}

/// <summary>Describes the endpoint that serves the OpenAPI document.</summary>
internal static class DocumentOperations
{
    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "openapi.json", "getDescription", ApiTag.Service, "This document")
        {
            IsCached = true,
            Answers = [new(ApiContent.Json) { Schema = """
                {"type":"object","required":["openapi","info","paths"],"properties":{"openapi":{"type":"string",
                "const":"3.1.0"},"info":{"type":"object"},"paths":{"type":"object"} },"additionalProperties":true}
                """ }],
        },
    ];
}
