using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>/api/v1/admin/models</c>: the models of the catalogue and their free switch. Ids contain slashes, plain or percent-encoded.</summary>
public sealed class AdminModelsFunction(CatalogueView catalogue, CatalogueOrders orders, Doorway doorway)
{
    [Function("AdminModels")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "patch", "delete", Route = "api/v1/admin/models/{*model}")]
        HttpRequest request, string? model) =>
        request.Method switch
        {
            "PUT" => PutAsync(request, model),
            "PATCH" => PatchAsync(request, model),
            "DELETE" => RemoveAsync(request, model),
            _ when string.IsNullOrEmpty(model) => ListAsync(request),
            _ => FindAsync(request, model),
        };

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageEntryCard, (_, gone) => catalogue.ListAsync(EntryKind.Model, CatalogueDoors.Field(request), gone));

    private Task<IActionResult> FindAsync(HttpRequest request, string? model) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.EntryCard, (_, gone) => catalogue.FindAsync(EntryKind.Model, Uri.UnescapeDataString(model ?? ""), gone));

    private Task<IActionResult> PutAsync(HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PutAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));

    private Task<IActionResult> PatchAsync(HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PatchAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));

    private Task<IActionResult> RemoveAsync(HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.RemoveAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));
}
