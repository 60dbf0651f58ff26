using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/resets</c>: the closed days, and <c>POST</c>, which closes now what is due.
/// </summary>
public sealed class AdminResetsFunction(ResetsView resets, HttpEndpointRunner doorway)
{
    [Function("AdminResets")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/admin/resets")]
        HttpRequest request) =>
        request.Verb() is "POST"
            ? doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.PageResetResponse, resets.RunAsync)
            : ListAsync(request);

    private Task<IActionResult> ListAsync(HttpRequest request) => doorway.AdministerAsync(
        request, AdminScope.Read, PlainJson.Api.PageResetResponse,
        (_, gone) => resets.ListAsync(name => request.Query[name], gone));
}
