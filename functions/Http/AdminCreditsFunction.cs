using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>POST /api/v1/admin/credits</c>: adds to an org's account.</summary>
public sealed class AdminCreditsFunction(CreditsView credits, Doorway doorway)
{
    [Function("AdminCredits")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/credits")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Billing, PlainJson.Api.CreditsCard, async (_, gone) =>
            (await doorway.ReadBodyAsync(request, gone)).Accepted(out var body, out var refusal)
            && TopUpRequest.Read(request.Headers["Idempotency-Key"], body).Accepted(out var topUp, out refusal)
                ? await credits.TopUpAsync(topUp, gone)
                : (Decision<CreditsCard>)refusal);
}
