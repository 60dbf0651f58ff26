using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>/api/v1/admin/plans</c>: the plans of the catalogue, those of its presets included.</summary>
public sealed class AdminPlansFunction(CatalogueView catalogue, CatalogueOrders orders, Doorway doorway)
{
    [Function("AdminPlans")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/plans")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageEntryCard, (_, gone) => catalogue.ListAsync(EntryKind.Plan, CatalogueDoors.Field(request), gone));

    [Function("AdminPlan")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/plans/{name}")] HttpRequest request, string name) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.EntryCard, (_, gone) => catalogue.FindAsync(EntryKind.Plan, Uri.UnescapeDataString(name), gone));

    [Function("AdminPlanPut")]
    public Task<IActionResult> PutAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/admin/plans/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PutAsync(command, EntryKind.Plan, Uri.UnescapeDataString(name), query, gone));

    [Function("AdminPlanPatch")]
    public Task<IActionResult> PatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/admin/plans/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PatchAsync(command, EntryKind.Plan, Uri.UnescapeDataString(name), query, gone));

    [Function("AdminPlanRemove")]
    public Task<IActionResult> RemoveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/admin/plans/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.RemoveAsync(command, EntryKind.Plan, Uri.UnescapeDataString(name), query, gone));
}
