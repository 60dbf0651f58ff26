using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/credits?org=</c>: an org's account, and <c>POST /api/v1/admin/credits</c>, which adds to
/// it.
/// </summary>
public sealed class AdminCreditsFunction(Credits credits, HttpEndpointRunner doorway)
{
    [Function("AdminCredits")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/credits")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? doorway.CommandAsync(request, AdminScope.Billing, PlainJson.Api.CreditsResponse, credits.TopUpAsync)
            : FindAsync(request);

    private Task<IActionResult> FindAsync(HttpRequest request) => doorway.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.AccountResponse,
        (_, gone) => credits.FindAsync(request.Query["org"], gone));
}
