using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/activity</c>: the org's records, newest first, as JSON or CSV; <c>/{id}</c>: one of them, with
/// the upstreams that were tried.
/// </summary>
public sealed class ActivityFunction(ActivityQueries activity, HttpEndpointRunner runner)
{
    [Function("Activity")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity/{id?}")]
        HttpRequest request) =>
        request.RouteText("id") is { } id ? FindAsync(request, id) : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        runner.ListAsync(request, PlainJson.Api.PageActivityRecord, CsvTables.Activity, caller =>
            ActivityQuery.Read(RequestOptionsHeaders.Fields(request)).Accepted(out var query, out var refusal)
                ? activity.List(caller.Org.Id, query)
                : (Result<Listing<ActivityRecord>>)refusal);

    private Task<IActionResult> FindAsync(HttpRequest request, string id) => runner.AnswerAsync(
        request, PlainJson.Api.ActivityRecord, (caller, gone) => activity.FindAsync(caller.Org.Id, id, gone));
}

/// <summary>Describes an organisation's requests, as a list, as CSV and one by one.</summary>
internal static class ActivityOperations
{
    public const string Activity =
        """
        {"id":"019e7480d2a07c7f9b1e5a3c4d5e6f70","time":"2026-05-29T12:00:00.000Z","org":"demo","key":"demo-key",
        "endpoint":"chat/completions","slug":"demo/echo:free","model":"demo/echo","variant":"free","tier":"free",
        "plan":"fastrouter-free","upstream":"loopback","status":200,"stream":false,"finish_reason":"stop",
        "prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"cached_tokens":0,"reasoning_tokens":0,
        "gifted_tokens":2,"billed_tokens":0,"images":0,
        "characters":0,"seconds":0,"cost_nanos":0,"cost_usd":"0.00","estimated":false,"latency_ms":42,"ttft_ms":12,
        "attempts":[{"upstream":"loopback","model":"echo","status":200,"ms":12}],
        "booked":[{"limit":"fastrouter-free.daily","subject":"demo/echo","window":"2026-05-29","amount":1}]}
        """;

    public static readonly ApiContent ActivityCsv = ApiContent.Csv(
        "time,id,org,key,endpoint,slug,model,variant,tier,plan,upstream,upstream_model,upstream_request_id,status,error_code,stream,finish_reason,prompt_tokens,completion_tokens,total_tokens,gifted_tokens,billed_tokens,images,characters,seconds,cost_usd,estimated,latency_ms,ttft_ms,app,context_length,caller_request_id,cached_tokens,reasoning_tokens,end_user\r\n"
        + "2026-05-29T12:00:00.000Z,019e7480d2a07c7f9b1e5a3c4d5e6f70,demo,demo-key,chat/completions,demo/echo:free,demo/echo,free,free,fastrouter-free,loopback,echo,,200,,false,stop,1,1,2,2,0,0,0,0,0.00,false,42,12,,32768,,0,0,\r\n");

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/activity", "listActivity", ApiTag.Account, "The organisation's requests, newest first")
        {
            Description = "With `Accept: text/csv` all that match come, however many, unless `limit` is given.",
            Parameters = ["limit", "cursor", "from", "to", "model", "tier", "key", "end_user", "X-Freeway-End-User", "status"],
            Answers = [ApiContent.Of(PlainJson.Api.PageActivityRecord, ApiContent.ListOf(Activity)), ActivityCsv],
            Errors = [400, .. ErrorStatuses.Read],
        },
        new(
            "GET", "api/v1/activity/{id}", "getActivity", ApiTag.Account,
            "One request, and the upstreams that were tried for it")
        {
            Parameters = ["id"],
            Answers = [ApiContent.Of(PlainJson.Api.ActivityRecord, Activity)],
            Errors = ErrorStatuses.Find,
        },
    ];
}
