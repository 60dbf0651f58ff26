using Freeway.Gateway.Administration;
using Freeway.Gateway.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/credits?org=</c> shows an org's account, <c>POST /api/v1/admin/credits</c> adds to it.</summary>
public sealed class AdminCreditsFunction(Credits credits, Doorway doorway)
{
    [Function("AdminCredits")]
    public Task<IActionResult> ServeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/credits")]
        HttpRequest request) =>
        request.Method switch
        {
            "POST" => RunAsync(request),
            _ => FindAsync(request),
        };

    private Task<IActionResult> FindAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.AccountCard, (_, gone) => credits.FindAsync(request.Query["org"], gone));

    private Task<IActionResult> RunAsync(HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.Billing, PlainJson.Api.CreditsCard, credits.TopUpAsync);
}
