using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Catalogue.Edits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>/api/v1/admin/models</c>: the models of the catalogue and their free switch. Ids contain slashes, plain or
/// percent-encoded.
/// </summary>
public sealed class AdminModelsFunction(CatalogueEntryHandler entries)
{
    private const string Path = "api/v1/admin/models/{*model}";

    [Function("AdminModels")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "patch", "delete", Route = Path)]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("model")) switch
        {
            ("GET", null) => entries.ListAsync(request, EntryKind.Model),
            (_, var model) => entries.ServeAsync(request, EntryKind.Model, Uri.UnescapeDataString(model ?? "")),
        };
}

/// <summary>Describes the models as entries of the catalogue.</summary>
internal static class CatalogueModelOperations
{
    private const string Model =
        """
        {"object":"model","id":"demo/echo","entry":{"id":"demo/echo","name":"Demo: Echo","context_length":32768,
        "usd_per_million_tokens":{"input":0.1,"output":0.4},"free":{"enabled":true,"plan":"fastrouter-free"},
        "routes":[{"upstream":"loopback","model":"echo"}]}}
        """;

    public static IEnumerable<ApiOperation> All => CatalogueEntryOperations.Of(
        "models", "{*model}", "model_id", "Model", Model, """{"free":{"enabled":false}}""");
}
