using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/admin/purges</c>: takes away the activity that is older than it is kept.</summary>
public sealed class AdminPurgesFunction(PurgesView purges, HttpEndpointRunner doorway)
{
    [Function("AdminPurges")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/purges")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.PurgeResponse, purges.RunAsync);
}
