using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>Serves <c>/api/v1/admin/orgs/{org}/keys</c>: the API keys of an org.</summary>
public sealed class AdminKeysFunction(
    ApiKeyQueries queries, ApiKeyCommands commands, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
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
        runner.CommandAsync(
            request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
            (command, gone) => commands.RotateAsync(command, org, key, gone));

    private Task<IActionResult> ListAsync(HttpRequest request, string org) =>
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminKeyResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await queries.ListAsync(org, query, gone)
                : (Result<Page<AdminKeyResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request, string org) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => commands.CreateAsync(command, org, gone), created => created.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string org, string key) => runner.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.AdminKeyResponse, (_, gone) => queries.FindAsync(org, key, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string org, string key) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => commands.ChangeAsync(command, org, key, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string org, string key) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminKeyResponse,
        (command, gone) => commands.DeleteAsync(command, org, key, gone));
}

/// <summary>Describes how the API keys of organisations are administered.</summary>
internal static class AdminKeyOperations
{
    private const string KeyMembers =
        "\"object\":\"key\",\"id\":\"robot\",\"org\":\"acme\",\"label\":\"The robot's key\",\"allowed_models\":[\"demo/*\"],\"limits\":[{\"name\":\"requests-per-day\",\"unit\":\"requests\",\"amount\":100,\"window\":\"day\",\"scope\":\"key\"}],"
        + "\"overflow\":null,\"refusal_status\":429,\"monthly_ceiling_usd\":\"5.00\",\"disabled\":false,\"expires_at\":null,\"old_secrets_end\":[],\"created_at\":\"2026-05-29T12:00:00Z\",\"created_by\":\"settings\"";

    internal const string Key = $$"""{{{KeyMembers}}}""";

    private const string DeletedKey = $$"""{{{KeyMembers}},"deleted_at":"2026-06-29T12:00:00Z"}""";

    internal const string KeyWithSecret = $$"""
        {{{KeyMembers}},"secret":"fwk_00000000000000000000000000000000000000000000000000"}
        """;

    private static readonly string RefusalStatuses =
        string.Join(',', Enum.GetValues<HardRefusal>().Select(refusal => refusal.Status()));

    private static readonly string KeyFields =
        $$"""
        "label":{"type":"string","minLength":1,"maxLength":200},
        "allowed_models":{"type":["array","null"],"maxItems":100,"items":{"type":"string"},"description":"Ids, with * for any characters and ! before those that are not meant; null for all."},
        "limits":{"type":["array","null"],"maxItems":20,"items":{"type":"object","required":["unit","amount"],"additionalProperties":false,"properties":{
          "name":{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"},
          "unit":{"type":"string","enum":{{ApiEnums.List(LimitNames.Units)}}},
          "amount":{"type":"number","exclusiveMinimum":0},
          "window":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(LimitNames.Windows)}}},
          "scope":{"type":"string","enum":{{ApiEnums.List(LimitNames.KeyScopes)}},"default":"key"},
          "models":{"type":["array","null"],"items":{"type":"string"} } } } },
        "overflow":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(WireNames.Of<Overflow>())}}},
        "refusal_status":{"type":"integer","enum":[{{RefusalStatuses}}]},
        "monthly_ceiling_usd":{"type":["string","number","null"]},
        "expires_at":{"type":["string","null"],"format":"date-time"},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    internal static ApiContent NewKey { get; } =
        ApiContent.Body("""
            {"id":"robot","label":"The robot's key","allowed_models":["demo/*"],"limits":[{"unit":"requests",
            "amount":100,"window":"day"}]}
            """, ApiContent.IdProperty + "," + KeyFields);

    private static ApiContent KeyChange { get; } = ApiContent.Body("""
        {"disabled":false,"monthly_ceiling_usd":"5.00"}
        """, KeyFields);

    private static ApiContent Rotation { get; } =
        ApiContent.Body("""{"overlap_seconds":86400}""", """ "overlap_seconds":{"type":"integer","minimum":0,"maximum":2592000,"default":86400,"description":"How long the old secrets still work."} """);

    public static IEnumerable<ApiOperation> All =>
    [
        new(
            "GET", "api/v1/admin/orgs/{org}/keys", "listKeys", ApiTag.Admin,
            "The API keys of an organisation, by their ids")
        {
            Parameters = ["org", .. ParameterSets.Listed],
            Answers = [ApiContent.Of(PlainJson.Api.PageAdminKeyResponse, ApiContent.ListOf(Key))],
            Errors = [404, .. ErrorStatuses.List],
        },
        new(
            "POST", "api/v1/admin/orgs/{org}/keys", "createKey", ApiTag.Admin,
            "Creates an API key; its secret is in this answer and nowhere else")
        {
            Description = "A repeat under the same Idempotency-Key answers with the key, without the secret.",
            Parameters = ["org", "Idempotency-Key"],
            Body = NewKey,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, KeyWithSecret)],
            Errors = [404, .. ErrorStatuses.Create],
        },
        new("GET", "api/v1/admin/orgs/{org}/keys/{key}", "getOrgKey", ApiTag.Admin, "One API key")
        {
            Parameters = ["org", "keyInPath"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, Key)],
            Errors = ErrorStatuses.Find,
        },
        new(
            "PATCH", "api/v1/admin/orgs/{org}/keys/{key}", "changeKey", ApiTag.Admin,
            "Changes an API key: what is left out stays")
        {
            Description = "It holds on every instance within 30 seconds. `limits` and `allowed_models` are replaced "
                + "whole; null takes them away.",
            Parameters = ["org", "keyInPath", .. ParameterSets.Changed],
            Body = KeyChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, Key)],
            Errors = ErrorStatuses.Change,
        },
        new("DELETE", "api/v1/admin/orgs/{org}/keys/{key}", "deleteKey", ApiTag.Admin, "Takes an API key away")
        {
            Description = "What it used stays in the activity, and its id is not given again. `PATCH` with `deleted: "
                + "false` brings it back.",
            Parameters = ["org", "keyInPath", .. ParameterSets.Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, DeletedKey)],
            Errors = ErrorStatuses.Change,
        },
        new(
            "POST", "api/v1/admin/orgs/{org}/keys/{key}/rotate", "rotateKey", ApiTag.Admin,
            "Gives an API key a new secret; the old one works on for a while")
        {
            Description = "The new secret is in this answer and nowhere else; a repeat under the same Idempotency-Key "
                + "answers without it.",
            Parameters = ["org", "keyInPath", .. ParameterSets.Changed],
            Body = Rotation,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminKeyResponse, KeyWithSecret)],
            Errors = ErrorStatuses.Change,
        },
    ];
}
