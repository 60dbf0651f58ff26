using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>GET /api/v1/admin/resets</c> shows the closed days, <c>POST</c> closes now what is due.</summary>
public sealed class AdminResetsFunction(ResetsView resets, Doorway doorway)
{
    [Function("AdminResets")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/resets")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageResetCard, (_, gone) => resets.ListAsync(name => request.Query[name], gone));

    [Function("AdminResetsRun")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/admin/resets")] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.PageResetCard, resets.RunAsync);
}
