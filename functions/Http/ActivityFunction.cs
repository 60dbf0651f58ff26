using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/activity</c>: the org's records, newest first; <c>/{id}</c>: one of them, with the upstreams that were tried.</summary>
public sealed class ActivityFunction(ActivityView activity, Doorway doorway)
{
    [Function("Activity")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.PageActivityRecord, async (caller, gone) =>
            ActivityQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await activity.ListAsync(caller, query, gone)
                : (Decision<Page<ActivityRecord>>)refusal);

    [Function("ActivityRecord")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/activity/{id}")] HttpRequest request, string id) =>
        doorway.AnswerAsync(request, PlainJson.Api.ActivityRecord, (caller, gone) => activity.FindAsync(caller, id, gone));
}
