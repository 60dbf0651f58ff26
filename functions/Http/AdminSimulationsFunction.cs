using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>POST /api/v1/admin/simulations</c>: a past day as it would have been under another catalogue. Nothing is changed.
/// </summary>
public sealed class AdminSimulationsFunction(SimulationQueries simulations, HttpEndpointRunner runner)
{
    [Function("AdminSimulations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/simulations")]
        HttpRequest request) =>
        runner.CommandAsync(
            request, AdminScope.Read, PlainJson.Api.SimulationReport,
            (command, gone) => simulations.RunAsync(command.Body, gone));
}

/// <summary>Describes the simulation of a past day.</summary>
internal static class SimulationOperations
{
    private const string Sums = """
        {"admitted":12,"refused":3,"free_tokens":240,"gifted_tokens":0,"paid_tokens":48,"cost_nanos":14400,
        "cost_usd":"0.0000144"}
        """;

    private const string Simulation =
        $$"""
        {"object":"simulation","day":"2026-05-28","version":4,"against":3,"orgs":1,"unexplained":0,"before":{{Sums}},
        "after":{{Sums}},"refused_by":{"fastrouter-free.daily":3},"lines":[{"org":"demo","model":"demo/echo",
        "before":{{Sums}},"after":{{Sums}},"refused_by":{"fastrouter-free.daily":3} }],"truncated":false}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "POST", "api/v1/admin/simulations", "simulateDay", ApiTag.Admin,
            "A past day as it would have been under another catalogue")
        {
            Description = "Replays the day's activity, and the requests that were refused, in their order. Nothing is "
                + "changed. docs/catalogue.md says what it knows and what not.",
            Body = new ApiContent(ApiContent.Json, """{"day":"2026-05-28","version":1,"include_refused":true}""")
            {
                Schema = """
                    {"type":"object","required":["day"],"properties":{"day":{"type":"string","format":"date"},
                    "version":{"type":"integer","minimum":1},"catalogue":{"type":"object",
                    "description":"In the place of a version."},"presets":{"type":"object"},"orgs":{"type":"array",
                    "items":{"type":"string"}},"include_refused":{"type":"boolean","default":true}}}
                    """,
            },
            Answers = [ApiContent.Of(PlainJson.Api.SimulationReport, Simulation)],
            Errors = [400, 408, 413, 431, .. ErrorStatuses.Read],
        },
    ];
}
