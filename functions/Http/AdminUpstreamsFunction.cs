using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/admin/upstreams</c>: where all upstreams stand; <c>…/{name}</c>: one as the catalogue has it,
/// to be changed; <c>…/{name}/models</c>: what its list of models would change in the catalogue; <c>…/{name}/key</c>:
/// what its key has left.
/// </summary>
public sealed class AdminUpstreamsFunction(
    UpstreamsView all, UpstreamView upstreams, CatalogueEntryHandler entries, UnmatchedRequestHandler unmatched,
    HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/upstreams";

    [Function("AdminUpstreams")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "patch", "delete", Route = Path + "/{name?}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("name")) switch
        {
            ("GET", null) => doorway.AdministerAsync(
                request, AdminScope.Read, PlainJson.Api.PageUpstreamResponse, (_, gone) => all.ListAsync(gone)),
            (_, { } name) => entries.ServeAsync(request, EntryKind.Upstream, name),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("AdminUpstreamModels")]
    public Task<IActionResult> ProposeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path + "/{name}/models")] HttpRequest request,
        string name) =>
        doorway.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.PageProposalResponse, (_, gone) => upstreams.ProposeAsync(name, gone));

    [Function("AdminUpstreamKey")]
    public Task<IActionResult> ReadKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Path + "/{name}/key")] HttpRequest request,
        string name) =>
        doorway.AdministerAsync(
            request, AdminScope.Read, PlainJson.Api.KeyReportResponse, (_, gone) => upstreams.ReadKeyAsync(name, gone));
}
