using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/models</c> and <c>GET /api/v1/models/{id}</c>; ids contain slashes, plain or percent-encoded.
/// </summary>
public sealed class ModelsFunction(ModelQueries models, HttpEndpointRunner runner)
{
    [Function("Models")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/models/{*slug}")]
        HttpRequest request) =>
        request.RouteText("slug") is { } slug ? FindAsync(request, slug) : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        runner.AnswerAsync(request, PlainJson.Api.PageModelResponse, models.ListAsync);

    private Task<IActionResult> FindAsync(HttpRequest request, string slug) => runner.AnswerAsync(
        request, PlainJson.Api.ModelResponse,
        (caller, gone) => models.FindAsync(caller, Uri.UnescapeDataString(slug), gone));
}

/// <summary>Describes the models and what the calling key can do with them.</summary>
internal static class ModelOperations
{
    private const string Model =
        $$"""
        {"object":"model","id":"demo/echo","owned_by":"demo","created":1780056000,"name":"Demo: Echo",
        "context_length":32768,"pricing":{"prompt":"0.0000001","completion":"0.0000004"},"free":{"enabled":true,
        "slug":"demo/echo:free","limits":[{{QuotaOperations.Quota}}],"plan":"fastrouter-free","eligible":true},
        "variants":["free","flex"],"surfaces":["chat/completions","completions"]}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/models", "listModels", ApiTag.Account,
            "All models, and what the calling key can do with each")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PageModelResponse, ApiContent.ListOf(Model))],
            Errors = ErrorStatuses.Read,
        },
        new("GET", "api/v1/models/{*slug}", "getModel", ApiTag.Account, "One model")
        {
            Parameters = ["slug"],
            Answers = [ApiContent.Of(PlainJson.Api.ModelResponse, Model)],
            Errors = ErrorStatuses.Find,
        },
    ];
}
