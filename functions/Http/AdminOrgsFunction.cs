using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/orgs</c>: organisations.</summary>
public sealed class AdminOrgsFunction(Orgs orgs, UnmatchedRequestHandler unmatched, HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/orgs/{org?}";

    [Function("AdminOrgs")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "patch", "delete", Route = Path)]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("org")) switch
        {
            ("GET", null) => ListAsync(request),
            ("GET", { } org) => FindAsync(request, org),
            ("POST", null) => CreateAsync(request),
            ("PATCH", { } org) => ChangeAsync(request, org),
            ("DELETE", { } org) => DeleteAsync(request, org),
            _ => unmatched.AnswerAsync(request),
        };

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminOrgResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await orgs.ListAsync(query, gone)
                : (Result<Page<AdminOrgResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, orgs.CreateAsync, card => card.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string org) => doorway.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.AdminOrgResponse, (_, gone) => orgs.FindAsync(org, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string org) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, (command, gone) => orgs.ChangeAsync(command, org, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string org) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, (command, gone) => orgs.DeleteAsync(command, org, gone));
}
