using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>: no key, no quota.</summary>
public sealed class HealthFunction(Readiness readiness)
{
    [Function("HealthLive")]
    public static Task<IActionResult> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")]
        HttpRequest request) =>
        HttpEndpointRunner.ReportAsync(request, new HealthReport(Readiness.Ok, new Dictionary<string, string>()));

    [Function("HealthReady")]
    public async Task<IActionResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")]
        HttpRequest request)
    {
        var state = await readiness.CheckAsync(request.HttpContext.RequestAborted);
        return await HttpEndpointRunner.ReportAsync(request, new HealthReport(state.Status, state.Checks, state.Alarms));
    }
}

/// <summary>Describes the health probes.</summary>
internal static class HealthOperations
{
    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "health/live", "getLive", ApiTag.Service, "Whether this instance runs")
        {
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"ok","checks":{}}""")],
        },
        new(
            "GET", "health/ready", "getReady", ApiTag.Service,
            "Whether this instance can serve: its table, its queue and its catalogue")
        {
            Description = "An alarm does not make it unready, nor does a queue that gives no answer: it answers 200 "
                + "with the status `degraded`, and says since when, how bad it is and what to do. Looking costs "
                + "nothing: what was well is asked again after a minute.",
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """
                {"status":"degraded","checks":{"table":"ok","queue":"ok","catalogue":"ok"},
                "alarms":[{"name":"dead_letters","since":"2026-05-29T12:00:00Z",
                "detail":"2 messages are in the dead-letter queue of the activity log.",
                "remedy":"GET /api/v1/admin/dead-letters says why each was put aside."}]}
                """)],
            Others = new Dictionary<int, ApiContent>
            {
                [503] = ApiContent.Of(PlainJson.Api.HealthReport, """
                    {"status":"unavailable","checks":{"table":"no answer in time","queue":"ok","catalogue":"ok"},
                    "alarms":[]}
                    """),
            },
        },
    ];
}
