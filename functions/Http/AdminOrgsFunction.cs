using Freeway.Gateway.Administration;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>/api/v1/admin/orgs</c>: organisations.</summary>
public sealed class AdminOrgsFunction(Orgs orgs, Doorway doorway)
{
    private const string All = "api/v1/admin/orgs";
    private const string One = "api/v1/admin/orgs/{org}";

    [Function("AdminOrgs")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = All)] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminOrgCard, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await orgs.ListAsync(query, gone) : (Decision<Page<AdminOrgCard>>)refusal);

    [Function("AdminOrgCreate")]
    public Task<IActionResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminOrgCard, orgs.CreateAsync, card => card.Id);

    [Function("AdminOrg")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = One)] HttpRequest request, string org) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.AdminOrgCard, (_, gone) => orgs.FindAsync(org, gone));

    [Function("AdminOrgChange")]
    public Task<IActionResult> ChangeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = One)] HttpRequest request, string org) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminOrgCard, (command, gone) => orgs.ChangeAsync(command, org, gone));

    [Function("AdminOrgDelete")]
    public Task<IActionResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string org) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminOrgCard, (command, gone) => orgs.DeleteAsync(command, org, gone));
}
