using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>: no key, no quota.</summary>
public sealed class HealthFunction(Readiness readiness)
{
    [Function("HealthLive")]
    public static Task<IActionResult> LiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        Doorway.ReportAsync(request, new HealthReport(Readiness.Ok, new Dictionary<string, string>()));

    [Function("HealthReady")]
    public async Task<IActionResult> ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request)
    {
        var card = await readiness.CheckAsync(request.HttpContext.RequestAborted);
        return await Doorway.ReportAsync(request, new HealthReport(card.Status, card.Checks, card.Alarms));
    }
}
