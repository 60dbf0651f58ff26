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
