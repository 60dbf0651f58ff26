using Freeway.Gateway.Administration;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>/api/v1/admin/orgs/{org}/keys</c>: the API keys of an org.</summary>
public sealed class AdminKeysFunction(ApiKeys keys, Doorway doorway)
{
    private const string All = "api/v1/admin/orgs/{org}/keys";
    private const string One = "api/v1/admin/orgs/{org}/keys/{key}";

    [Function("AdminKeys")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = All)] HttpRequest request, string org) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminKeyCard, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await keys.ListAsync(org, query, gone) : (Decision<Page<AdminKeyCard>>)refusal);

    [Function("AdminKeyCreate")]
    public Task<IActionResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string org) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminKeyCard, (command, gone) => keys.CreateAsync(command, org, gone), card => card.Id);

    [Function("AdminKey")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = One)] HttpRequest request, string org, string key) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.AdminKeyCard, (_, gone) => keys.FindAsync(org, key, gone));

    [Function("AdminKeyChange")]
    public Task<IActionResult> ChangeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = One)] HttpRequest request, string org, string key) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminKeyCard, (command, gone) => keys.ChangeAsync(command, org, key, gone));

    [Function("AdminKeyDelete")]
    public Task<IActionResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string org, string key) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminKeyCard, (command, gone) => keys.DeleteAsync(command, org, key, gone));

    [Function("AdminKeyRotate")]
    public Task<IActionResult> RotateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = One + "/rotate")] HttpRequest request, string org, string key) =>
        doorway.CommandAsync(request, AdminScope.Keys, PlainJson.Api.AdminKeyCard, (command, gone) => keys.RotateAsync(command, org, key, gone));
}
