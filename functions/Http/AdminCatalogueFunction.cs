using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/catalogue</c>: what counts; <c>…/versions</c>: what there is, and takes another;
/// <c>…/activations</c>: lets one count, or cancels that it will.
/// </summary>
public sealed class AdminCatalogueFunction(
    CatalogueView catalogue, CatalogueRequestParser orders, CatalogueCommands commands, UnmatchedRequestHandler unmatched,
    HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/catalogue";

    [Function("AdminCatalogue")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path)] HttpRequest request) =>
        doorway.ShowAsync(
            request, AdminScope.Read, PlainJson.Api.CatalogueResponse, (_, gone) => catalogue.FindAsync(gone));

    [Function("AdminCatalogueVersions")]
    public Task<IActionResult> VersionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Path + "/versions/{number?}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("number")) switch
        {
            ("GET", null) => ListVersionsAsync(request),
            ("GET", { } number) => FindVersionAsync(request, number),
            ("POST", null) => doorway.OrderAsync(request, orders.AddAsync, creates: true),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("AdminCatalogueActivations")]
    public Task<IActionResult> ActivationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "delete", Route = Path + "/activations")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? doorway.OrderAsync(request, orders.ActivateAsync)
            : doorway.CommandAsync(request, AdminScope.All, commands.CancelAsync);

    private Task<IActionResult> ListVersionsAsync(HttpRequest request) => doorway.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageVersionResponse,
        (_, gone) => catalogue.ListVersionsAsync(CatalogueEndpoints.Field(request), gone));

    private Task<IActionResult> FindVersionAsync(HttpRequest request, string number) => doorway.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.VersionContentResponse,
        (_, gone) => catalogue.FindVersionAsync(number, gone));
}
