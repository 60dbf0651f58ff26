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
public sealed class ActivityFunction(ActivityView activity, HttpEndpointRunner doorway)
{
    [Function("Activity")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity/{id?}")]
        HttpRequest request) =>
        request.RouteText("id") is { } id ? FindAsync(request, id) : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.ListAsync(request, PlainJson.Api.PageActivityRecord, CsvTables.Activity, caller =>
            ActivityQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? activity.List(caller.Org.Id, query)
                : (Result<Listing<ActivityRecord>>)refusal);

    private Task<IActionResult> FindAsync(HttpRequest request, string id) => doorway.AnswerAsync(
        request, PlainJson.Api.ActivityRecord, (caller, gone) => activity.FindAsync(caller.Org.Id, id, gone));
}
