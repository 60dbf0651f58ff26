using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /api/v1/admin/upstreams</c> says where all upstreams stand, <c>…/{name}</c> is one as the catalogue has it, to be
/// changed, <c>…/{name}/models</c> says what one's list would change in
/// the catalogue, <c>…/key</c> what its key has left.
/// </summary>
public sealed class AdminUpstreamsFunction(UpstreamsView all, UpstreamView upstreams, CatalogueView catalogue, CatalogueOrders orders, Doorway doorway)
{
    [Function("AdminUpstreams")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams")] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageUpstreamCard, (_, gone) => all.ListAsync(gone));

    [Function("AdminUpstream")]
    public Task<IActionResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams/{name}")] HttpRequest request, string name) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.EntryCard, (_, gone) => catalogue.FindAsync(EntryKind.Upstream, name, gone));

    [Function("AdminUpstreamPut")]
    public Task<IActionResult> PutAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/admin/upstreams/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PutAsync(command, EntryKind.Upstream, name, query, gone));

    [Function("AdminUpstreamPatch")]
    public Task<IActionResult> PatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/admin/upstreams/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.PatchAsync(command, EntryKind.Upstream, name, query, gone));

    [Function("AdminUpstreamRemove")]
    public Task<IActionResult> RemoveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/admin/upstreams/{name}")] HttpRequest request, string name) =>
        doorway.OrderAsync(request, (command, query, gone) => orders.RemoveAsync(command, EntryKind.Upstream, name, query, gone));

    [Function("AdminUpstreamModels")]
    public Task<IActionResult> ProposeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams/{name}/models")] HttpRequest request, string name) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageProposalCard, (_, gone) => upstreams.ProposeAsync(name, gone));

    [Function("AdminUpstreamKey")]
    public Task<IActionResult> ReadKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/v1/admin/upstreams/{name}/key")] HttpRequest request, string name) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.KeyReportCard, (_, gone) => upstreams.ReadKeyAsync(name, gone));
}
