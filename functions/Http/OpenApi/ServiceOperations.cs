namespace Freeway.Functions.Http.OpenApi;

/// <summary>What everybody may ask, without a key.</summary>
internal static class ServiceOperations
{
    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "health/live", "getLive", ApiTag.Service, "Whether this instance runs")
        {
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"ok","checks":{}}""")],
        },
        new("GET", "health/ready", "getReady", ApiTag.Service, "Whether this instance can serve: its table, its queue and its catalogue")
        {
            Answers = [ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"ok","checks":{"table":"ok","queue":"ok","catalogue":"ok"}}""")],
            Others = new Dictionary<int, ApiContent>
            {
                [503] = ApiContent.Of(PlainJson.Api.HealthReport, """{"status":"unavailable","checks":{"table":"ok","queue":"no answer in time","catalogue":"ok"}}"""),
            },
        },
        new("GET", "openapi.json", "getDescription", ApiTag.Service, "This document")
        {
            IsCached = true,
            Answers = [new(ApiContent.Json) { Schema = """{"type":"object","required":["openapi","info","paths"],"properties":{"openapi":{"type":"string","const":"3.1.0"},"info":{"type":"object"},"paths":{"type":"object"} },"additionalProperties":true}""" }],
        },
    ];
}
