using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/presets</c>: what comes with the program to make a catalogue of.</summary>
public sealed class AdminPresetsFunction(CatalogueView catalogue, HttpEndpointRunner doorway)
{
    [Function("AdminPresets")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/presets")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PagePresetResponse, (_, gone) => catalogue.ListPresetsAsync(gone));
}
