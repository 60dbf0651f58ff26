using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/presets</c>: what comes with the program to make a catalogue of.</summary>
public sealed class AdminPresetsFunction(CatalogueQueries catalogue, HttpEndpointRunner runner)
{
    [Function("AdminPresets")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/presets")]
        HttpRequest request) =>
        runner.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.PagePresetResponse, (_, gone) => catalogue.ListPresetsAsync(gone));
}

/// <summary>Describes the presets.</summary>
internal static class PresetOperations
{
    private const string Preset =
        """
        {"name":"fastrouter","kind":"plans","description":"Ten free requests a day for each model.",
        "plans":["fastrouter-free"],"used":true}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/presets", "listPresets", ApiTag.Admin,
            "The presets of plans and upstreams that come with the program")
        {
            Answers = [ApiContent.Of(PlainJson.Api.PagePresetResponse, ApiContent.ListOf(Preset))],
            Errors = ErrorStatuses.Read,
        },
    ];
}
