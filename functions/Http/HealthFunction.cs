using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>: no key, no quota.</summary>
public sealed class HealthFunction(Readiness readiness)
{
    [Function("HealthLive")]
    public static Task<IActionResult> LiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        HttpEndpointRunner.ReportAsync(request, new HealthReport(Readiness.Ok, new Dictionary<string, string>()));

    [Function("HealthReady")]
    public async Task<IActionResult> ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request)
    {
        var card = await readiness.CheckAsync(request.HttpContext.RequestAborted);
        return await HttpEndpointRunner.ReportAsync(request, new HealthReport(card.Status, card.Checks, card.Alarms));
    }
}

/// <summary>Whether this instance can serve; <paramref name="Checks"/> names what it looked at, each <c>ok</c> or what is wrong.</summary>
/// <param name="Status"><c>ok</c>; <c>degraded</c> while an alarm is on; <c>unavailable</c> where it cannot serve.</param>
/// <param name="Alarms">Those that are on; left out where nobody looked for any.</param>
internal sealed record HealthReport(string Status, IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmResponse>? Alarms = null);
