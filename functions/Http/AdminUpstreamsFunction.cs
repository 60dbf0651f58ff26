using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/upstreams</c> says where all upstreams stand, <c>…/{name}/models</c> what one's list would change in
/// the catalogue, <c>…/key</c> what its key has left.
/// </summary>
public sealed class AdminUpstreamsFunction(UpstreamsView all, UpstreamView upstreams, Doorway doorway)
{
    [Function("AdminUpstreams")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageUpstreamCard, (_, gone) => all.ListAsync(gone));

    [Function("AdminUpstreamModels")]
    public Task<IActionResult> ProposeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams/{name}/models")] HttpRequest request, string name) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageProposalCard, (_, gone) => upstreams.ProposeAsync(name, gone));

    [Function("AdminUpstreamKey")]
    public Task<IActionResult> ReadKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams/{name}/key")] HttpRequest request, string name) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.KeyReportCard, (_, gone) => upstreams.ReadKeyAsync(name, gone));
}
