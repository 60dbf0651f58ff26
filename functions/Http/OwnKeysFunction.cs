using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/keys</c>: the keys of a person who is signed in.</summary>
public sealed class OwnKeysFunction(
    OwnKeyCommands commands, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    [Function("OwnKeys")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "delete", Route = "api/v1/keys/{key?}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("key")) switch
        {
            ("GET", null) => runner.AnswerAsync(request, PlainJson.Api.PageAdminKeyResponse, commands.ListAsync),
            ("POST", null) => runner.OwnCommandAsync(
                request, PlainJson.Api.AdminKeyResponse, OwnKeyCommands.PersonOf, commands.CreateAsync,
                made => made.Id),
            ("DELETE", { } key) => runner.OwnCommandAsync(
                request, (caller, gone) => commands.RevokeAsync(caller, key, gone)),
            _ => unmatched.AnswerAsync(request),
        };
}

/// <summary>Describes how people manage their own keys.</summary>
internal static class OwnKeyOperations
{
    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/keys", "listOwnKeys", ApiTag.Account, "The keys of the person who is signed in")
        {
            Description = "The session of a sign-in may ask, other keys may not.",
            Answers = [ApiContent.Of(PlainJson.Api.PageAdminKeyResponse, ApiContent.ListOf(AdminKeyOperations.Key))],
            Errors = ErrorStatuses.Read,
        },
        new(
            "POST", "api/v1/keys", "createOwnKey", ApiTag.Account,
            "Makes a key of one's own; its secret is in this answer and nowhere else")
        {
            Description = "All keys of a person share the limits of the plan. The settings say how many there may be.",
            Parameters = ["Idempotency-Key"],
            Body = AdminKeyOperations.NewKey,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, AdminKeyOperations.KeyWithSecret)],
            Errors = ErrorStatuses.Create,
        },
        new("DELETE", "api/v1/keys/{key}", "revokeOwnKey", ApiTag.Account, "Revokes a key of one's own")
        {
            Parameters = ["keyInPath"],
            Success = 204,
            Answers = [],
            Errors = ErrorStatuses.Find,
        },
    ];
}
