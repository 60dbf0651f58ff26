using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/quota</c> and <c>GET /api/v1/quota/{slug}</c>.</summary>
public sealed class QuotaFunction(QuotaView quota, Doorway doorway)
{
    [Function("Quota")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/quota")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.PageQuotaCard, quota.ListAsync);

    [Function("QuotaOfSlug")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/quota/{*slug}")] HttpRequest request, string slug) =>
        doorway.AnswerAsync(request, PlainJson.Api.PageQuotaCard, (caller, gone) => quota.FindAsync(caller, Uri.UnescapeDataString(slug), gone));
}
