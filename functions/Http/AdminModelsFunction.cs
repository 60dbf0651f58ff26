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
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/models")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageEntryCard, (_, gone) => catalogue.ListAsync(EntryKind.Model, CatalogueDoors.Field(request), gone));

    [Function("AdminModel")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/models/{*model}")] HttpRequest request, string? model) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.EntryCard, (_, gone) => catalogue.FindAsync(EntryKind.Model, Uri.UnescapeDataString(model ?? ""), gone));

    [Function("AdminModelPut")]
    public Task<IActionResult> PutAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/admin/models/{*model}")] HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PutAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));

    [Function("AdminModelPatch")]
    public Task<IActionResult> PatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/admin/models/{*model}")] HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PatchAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));

    [Function("AdminModelRemove")]
    public Task<IActionResult> RemoveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/admin/models/{*model}")] HttpRequest request, string? model) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.RemoveAsync(command, EntryKind.Model, Uri.UnescapeDataString(model ?? ""), query, gone));
}
