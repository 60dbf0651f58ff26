using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/management-keys</c>: management keys beside the one in the settings.</summary>
public sealed class AdminManagementKeysFunction(
    ManagementKeys keys, UnmatchedRequestHandler unmatched, HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/management-keys/{key?}";

    [Function("AdminManagementKeys")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "patch", "delete", Route = Path)]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("key")) switch
        {
            ("GET", null) => ListAsync(request),
            ("GET", { } key) => FindAsync(request, key),
            ("POST", null) => CreateAsync(request),
            ("PATCH", { } key) => ChangeAsync(request, key),
            ("DELETE", { } key) => DeleteAsync(request, key),
            _ => unmatched.AnswerAsync(request),
        };

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageManagementKeyResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await keys.ListAsync(query, gone)
                : (Result<Page<ManagementKeyResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request) => doorway.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse, keys.CreateAsync, card => card.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string key) => doorway.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.ManagementKeyResponse, (_, gone) => keys.FindAsync(key, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string key) => doorway.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse,
        (command, gone) => keys.ChangeAsync(command, key, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string key) => doorway.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse,
        (command, gone) => keys.DeleteAsync(command, key, gone));
}
