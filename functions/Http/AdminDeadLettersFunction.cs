using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/dead-letters</c> shows what the queue has put aside, <c>POST …/replays</c> sends it again.</summary>
public sealed class AdminDeadLettersFunction(DeadLettersView letters, HttpEndpointRunner doorway)
{
    [Function("AdminDeadLetters")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/dead-letters")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageDeadLetterResponse, (_, gone) => letters.ListAsync(name => request.Query[name], gone));

    [Function("AdminDeadLettersReplay")]
    public Task<IActionResult> ReplayAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/dead-letters/replays")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.DeadLetterReplayResponse, letters.ReplayAsync);
}
