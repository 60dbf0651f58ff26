using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/management-keys</c>: management keys beside the one in the settings.</summary>
public sealed class AdminManagementKeysFunction(
    ManagementKeyQueries queries, ManagementKeyCommands commands, UnmatchedRequestHandler unmatched,
    HttpEndpointRunner runner)
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
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageManagementKeyResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await queries.ListAsync(query, gone)
                : (Result<Page<ManagementKeyResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request) => runner.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse, commands.CreateAsync, created => created.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string key) => runner.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.ManagementKeyResponse, (_, gone) => queries.FindAsync(key, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string key) => runner.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse,
        (command, gone) => commands.ChangeAsync(command, key, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string key) => runner.CommandAsync(
        request, AdminScope.All, PlainJson.Api.ManagementKeyResponse,
        (command, gone) => commands.DeleteAsync(command, key, gone));
}

/// <summary>Describes how management keys are administered.</summary>
internal static class ManagementKeyOperations
{
    private const string ManagementKeyMembers =
        "\"object\":\"management_key\",\"id\":\"billing-desk\",\"label\":\"Billing desk\",\"scopes\":[\"read\",\"billing\"],\"disabled\":false,\"expires_at\":null,\"created_at\":\"2026-05-29T12:00:00Z\",\"created_by\":\"settings\"";

    private const string ManagementKey = $$"""{{{ManagementKeyMembers}}}""";

    private const string DeletedManagementKey = $$"""{{{ManagementKeyMembers}},"deleted_at":"2026-06-29T12:00:00Z"}""";

    private const string ManagementKeyWithSecret = $$"""
        {{{ManagementKeyMembers}},"secret":"fwm_00000000000000000000000000000000000000000000000000"}
        """;

    private static readonly string AdminScopes = ApiEnums.List(WireNames.Of<AdminScope>());

    private static readonly string ManagementKeyFields =
        $$"""
        "label":{"type":"string","minLength":1,"maxLength":200},
        "scopes":{"type":"array","minItems":1,"items":{"type":"string","enum":{{AdminScopes}}} },
        "expires_at":{"type":["string","null"],"format":"date-time"},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    private static ApiContent NewManagementKey { get; } =
        ApiContent.Body("""
            {"id":"billing-desk","label":"Billing desk","scopes":["read","billing"]}
            """, ApiContent.IdProperty + "," + ManagementKeyFields, "\"scopes\"");

    private static ApiContent ManagementKeyChange { get; } = ApiContent.Body("""
        {"label":"The billing desk","disabled":false}
        """, ManagementKeyFields);

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/management-keys", "listManagementKeys", ApiTag.Admin,
            "Management keys beside the one in the settings")
        {
            Parameters = ParameterSets.Listed,
            Answers = [ApiContent.Of(PlainJson.Api.PageManagementKeyResponse, ApiContent.ListOf(ManagementKey))],
            Errors = ErrorStatuses.List,
        },
        new(
            "POST", "api/v1/admin/management-keys", "createManagementKey", ApiTag.Admin,
            "Creates a management key; its secret is in this answer and nowhere else")
        {
            Description = "A repeat under the same Idempotency-Key answers with the key, without the secret.",
            Parameters = ["Idempotency-Key"],
            Body = NewManagementKey,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, ManagementKeyWithSecret)],
            Errors = ErrorStatuses.Create,
        },
        new("GET", "api/v1/admin/management-keys/{key}", "getManagementKey", ApiTag.Admin, "One management key")
        {
            Parameters = ["keyInPath"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, ManagementKey)],
            Errors = ErrorStatuses.Find,
        },
        new(
            "PATCH", "api/v1/admin/management-keys/{key}", "changeManagementKey", ApiTag.Admin,
            "Changes a management key: what is left out stays")
        {
            Parameters = ["keyInPath", .. ParameterSets.Changed],
            Body = ManagementKeyChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, ManagementKey)],
            Errors = ErrorStatuses.Change,
        },
        new(
            "DELETE", "api/v1/admin/management-keys/{key}", "deleteManagementKey", ApiTag.Admin,
            "Takes a management key away")
        {
            Parameters = ["keyInPath", .. ParameterSets.Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.ManagementKeyResponse, DeletedManagementKey)],
            Errors = ErrorStatuses.Change,
        },
    ];
}
