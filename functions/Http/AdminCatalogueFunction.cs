using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/catalogue</c> shows what counts, <c>…/versions</c> what there is and takes another,
/// <c>…/activations</c> lets one count.
/// </summary>
public sealed class AdminCatalogueFunction(CatalogueView catalogue, CatalogueOrders orders, CatalogueCommands commands, Doorway doorway)
{
    [Function("AdminCatalogue")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/catalogue")] HttpRequest request) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.CatalogueCard, (_, gone) => catalogue.FindAsync(gone));

    [Function("AdminCatalogueVersions")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/catalogue/versions")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageVersionCard, (_, gone) => catalogue.ListVersionsAsync(CatalogueDoors.Field(request), gone));

    [Function("AdminCatalogueVersionsAdd")]
    public Task<IActionResult> AddAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/catalogue/versions")] HttpRequest request) =>
        doorway.OrderAsync(request, orders.AddAsync, creates: true);

    [Function("AdminCatalogueVersion")]
    public Task<IActionResult> FindVersionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/catalogue/versions/{number}")] HttpRequest request, string number) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.VersionContentCard, (_, gone) => catalogue.FindVersionAsync(number, gone));

    [Function("AdminCatalogueActivate")]
    public Task<IActionResult> ActivateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/catalogue/activations")] HttpRequest request) =>
        doorway.OrderAsync(request, orders.ActivateAsync);

    [Function("AdminCatalogueCancel")]
    public Task<IActionResult> CancelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/admin/catalogue/activations")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, commands.CancelAsync);
}
