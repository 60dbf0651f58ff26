using Freeway.Gateway.Administration;
using Freeway.Gateway.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/credits?org=</c> shows an org's account, <c>POST /api/v1/admin/credits</c> adds to it.</summary>
public sealed class AdminCreditsFunction(Credits credits, Doorway doorway)
{
    [Function("AdminAccount")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/credits")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.AccountCard, (_, gone) => credits.FindAsync(request.Query["org"], gone));

    [Function("AdminCredits")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/credits")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.Billing, PlainJson.Api.CreditsCard, credits.TopUpAsync);
}
