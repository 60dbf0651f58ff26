namespace Freeway.Functions.Http.OpenApi;

/// <summary>What everybody may ask, without a key.</summary>
internal static class ServiceOperations
{
    private static readonly ApiContent Html = new("text/html") { Schema = """{"type":"string"}""" };

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "health/live", "getLive", ApiTag.Service, "Whether this instance runs")
        {
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"ok","checks":{}}""")],
        },
        new("GET", "health/ready", "getReady", ApiTag.Service, "Whether this instance can serve: its table, its queue and its catalogue")
        {
            Description = "An alarm does not make it unready, nor does a queue that gives no answer: it answers 200 with the status `degraded`, and says since when, how bad it is and what to do. Looking costs nothing: what was well is asked again after a minute.",
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"degraded","checks":{"table":"ok","queue":"ok","catalogue":"ok"},"alarms":[{"name":"dead_letters","since":"2026-05-29T12:00:00Z","detail":"2 messages are in the dead-letter queue of the activity log.","remedy":"GET /api/v1/admin/dead-letters says why each was put aside."}]}""")],
            Others = new Dictionary<int, ApiContent>
            {
                [503] = ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"unavailable","checks":{"table":"no answer in time","queue":"ok","catalogue":"ok"},"alarms":[]}"""),
            },
        },
        new("GET", "dashboard", "getDashboard", ApiTag.Service, "The dashboard: a page over this API")
        {
            IsCached = true,
            Answers = [Html],
        },
        new("GET", "dashboard/{file}", "getDashboardFile", ApiTag.Service, "The dashboard's script, its style sheet, and the licences of what is in them")
        {
            Description = "Their names change with their content, so that caches may keep them for ever.",
            Parameters = ["file"],
            IsCached = true,
            Answers = [ApiContent.Anything],
            Errors = [404],
        },
        new("GET", "docs", "getReference", ApiTag.Service, "The API reference: this document as a page")
        {
            IsCached = true,
            Answers = [Html],
        },
        new("GET", "openapi.json", "getDescription", ApiTag.Service, "This document")
        {
            IsCached = true,
            Answers = [new(ApiContent.Json) { Schema = """{"type":"object","required":["openapi","info","paths"],"properties":{"openapi":{"type":"string","const":"3.1.0"},"info":{"type":"object"},"paths":{"type":"object"} },"additionalProperties":true}""" }],
        },
    ];
}
