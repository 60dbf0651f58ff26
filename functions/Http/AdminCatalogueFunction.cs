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
    public Task<IActionResult> RunVersionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/catalogue/versions")]
        HttpRequest request) =>
        request.Method switch
        {
            "POST" => AddAsync(request),
            _ => ListAsync(request),
        };

    [Function("AdminCatalogueVersion")]
    public Task<IActionResult> FindVersionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/catalogue/versions/{number}")] HttpRequest request, string number) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.VersionContentCard, (_, gone) => catalogue.FindVersionAsync(number, gone));

    [Function("AdminCatalogueActivations")]
    public Task<IActionResult> RunActivationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "delete", Route = "api/v1/admin/catalogue/activations")]
        HttpRequest request) =>
        request.Method switch
        {
            "POST" => ActivateAsync(request),
            _ => CancelAsync(request),
        };

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageVersionCard, (_, gone) => catalogue.ListVersionsAsync(CatalogueDoors.Field(request), gone));

    private Task<IActionResult> AddAsync(HttpRequest request) =>
        doorway.OrderAsync(request, orders.AddAsync, creates: true);

    private Task<IActionResult> ActivateAsync(HttpRequest request) =>
        doorway.OrderAsync(request, orders.ActivateAsync);

    private Task<IActionResult> CancelAsync(HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, commands.CancelAsync);
}
