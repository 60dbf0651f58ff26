using Freeway.Gateway.Administration;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary><c>/api/v1/admin/management-keys</c>: management keys beside the one in the settings.</summary>
public sealed class AdminManagementKeysFunction(ManagementKeys keys, Doorway doorway)
{
    private const string All = "api/v1/admin/management-keys";
    private const string One = "api/v1/admin/management-keys/{key}";

    [Function("AdminManagementKeys")]
    public Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = All)] HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageManagementKeyCard, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal) ? await keys.ListAsync(query, gone) : (Decision<Page<ManagementKeyCard>>)refusal);

    [Function("AdminManagementKeyCreate")]
    public Task<IActionResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.ManagementKeyCard, keys.CreateAsync, card => card.Id);

    [Function("AdminManagementKey")]
    public Task<IActionResult> FindAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = One)] HttpRequest request, string key) =>
        doorway.ShowAsync(request, AdminScope.Read, PlainJson.Api.ManagementKeyCard, (_, gone) => keys.FindAsync(key, gone));

    [Function("AdminManagementKeyChange")]
    public Task<IActionResult> ChangeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = One)] HttpRequest request, string key) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.ManagementKeyCard, (command, gone) => keys.ChangeAsync(command, key, gone));

    [Function("AdminManagementKeyDelete")]
    public Task<IActionResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string key) =>
        doorway.CommandAsync(request, AdminScope.All, PlainJson.Api.ManagementKeyCard, (command, gone) => keys.DeleteAsync(command, key, gone));
}
