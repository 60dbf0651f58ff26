using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/orgs/{org}/keys</c>: the API keys of an org.</summary>
public sealed class AdminKeysFunction(ApiKeys keys, UnmatchedRequestHandler unmatched, HttpEndpointRunner doorway)
{
    private const string Path = "api/v1/admin/orgs/{org}/keys";

    [Function("AdminKeys")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "patch", "delete", Route = Path + "/{key?}")]
        HttpRequest request,
        string org) =>
        (request.Verb(), request.RouteText("key")) switch
        {
            ("GET", null) => ListAsync(request, org),
            ("GET", { } key) => FindAsync(request, org, key),
            ("POST", null) => CreateAsync(request, org),
            ("PATCH", { } key) => ChangeAsync(request, org, key),
            ("DELETE", { } key) => DeleteAsync(request, org, key),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("AdminKeyRotate")]
    public Task<IActionResult> RotateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Path + "/{key}/rotate")] HttpRequest request,
        string org, string key) =>
        doorway.CommandAsync(
            request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
            (command, gone) => keys.RotateAsync(command, org, key, gone));

    private Task<IActionResult> ListAsync(HttpRequest request, string org) =>
        doorway.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminKeyResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await keys.ListAsync(org, query, gone)
                : (Result<Page<AdminKeyResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request, string org) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => keys.CreateAsync(command, org, gone), card => card.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string org, string key) => doorway.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.AdminKeyResponse, (_, gone) => keys.FindAsync(org, key, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string org, string key) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => keys.ChangeAsync(command, org, key, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string org, string key) => doorway.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => keys.DeleteAsync(command, org, key, gone));
}
