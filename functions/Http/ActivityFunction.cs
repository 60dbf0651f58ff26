using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/activity</c>: the org's records, newest first, as JSON or CSV; <c>/{id}</c>: one of them, with the upstreams that were tried.</summary>
public sealed class ActivityFunction(ActivityView activity, Doorway doorway)
{
    [Function("Activity")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity")] HttpRequest request) =>
        doorway.ListAsync(request, PlainJson.Api.PageActivityRecord, CsvTables.Activity, caller =>
            ActivityQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? activity.List(caller.Org.Id, query)
                : (Decision<Listing<ActivityRecord>>)refusal);

    [Function("ActivityRecord")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity/{id}")] HttpRequest request, string id) =>
        doorway.AnswerAsync(request, PlainJson.Api.ActivityRecord, (caller, gone) => activity.FindAsync(caller.Org.Id, id, gone));
}
