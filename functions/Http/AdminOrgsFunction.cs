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

/// <summary>Serves <c>/api/v1/admin/orgs</c>: organisations.</summary>
public sealed class AdminOrgsFunction(
    OrgQueries queries, OrgCommands commands, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
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
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageAdminOrgResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await queries.ListAsync(query, gone)
                : (Result<Page<AdminOrgResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, commands.CreateAsync, created => created.Id);

    private Task<IActionResult> FindAsync(HttpRequest request, string org) => runner.ShowAsync(
        request, AdminScope.Read, PlainJson.Api.AdminOrgResponse, (_, gone) => queries.FindAsync(org, gone));

    private Task<IActionResult> ChangeAsync(HttpRequest request, string org) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, (command, gone) => commands.ChangeAsync(
            command, org, gone));

    private Task<IActionResult> DeleteAsync(HttpRequest request, string org) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.AdminOrgResponse, (command, gone) => commands.DeleteAsync(
            command, org, gone));
}

/// <summary>Describes how organisations are administered.</summary>
internal static class AdminOrgOperations
{
    private const string Org =
        """
        {"object":"org","id":"acme","name":"Acme","plan":"pay-as-you-go","premium":false,"phone_verified":true,
        "user_tier":null,"purchased_usd":"5.00","overflow":null,"monthly_ceiling_usd":"25.00","disabled":false,
        "created_at":"2026-05-29T12:00:00Z"}
        """;

    private const string DeletedOrg =
        """
        {"object":"org","id":"acme","name":"Acme","plan":"pay-as-you-go","premium":false,"phone_verified":true,
        "user_tier":null,"purchased_usd":"5.00","overflow":null,"monthly_ceiling_usd":"25.00","disabled":false,
        "created_at":"2026-05-29T12:00:00Z","deleted_at":"2026-06-29T12:00:00Z"}
        """;

    private static readonly string OrgFields =
        $$"""
        "name":{"type":"string","minLength":1,"maxLength":200},
        "plan":{"type":["string","null"],"description":"Of its requests on bare ids; null for the catalogue's default."},
        "premium":{"type":"boolean"},
        "phone_verified":{"type":"boolean"},
        "user_tier":{"type":["string","null"],"maxLength":64},
        "overflow":{"type":["string","null"],"enum":{{ApiEnums.ListOrNull(WireNames.Of<Overflow>())}}},
        "monthly_ceiling_usd":{"type":["string","number","null"]},
        "disabled":{"type":"boolean"},
        "deleted":{"type":"boolean"}
        """;

    private static ApiContent NewOrg { get; } = ApiContent.Body("""
        {"id":"acme","name":"Acme","plan":"pay-as-you-go"}
        """, ApiContent.IdProperty + "," + OrgFields, "\"id\"");

    private static ApiContent OrgChange { get; } = ApiContent.Body("""
        {"monthly_ceiling_usd":"25.00","disabled":false}
        """, OrgFields);

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/orgs", "listOrgs", ApiTag.Admin, "Organisations, by their ids")
        {
            Parameters = ParameterSets.Listed,
            Answers = [ApiContent.Of(PlainJson.Api.PageAdminOrgResponse, ApiContent.ListOf(Org))],
            Errors = ErrorStatuses.List,
        },
        new("POST", "api/v1/admin/orgs", "createOrg", ApiTag.Admin, "Creates an organisation")
        {
            Parameters = ["Idempotency-Key"],
            Body = NewOrg,
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, Org)],
            Errors = ErrorStatuses.Create,
        },
        new("GET", "api/v1/admin/orgs/{org}", "getOrg", ApiTag.Admin, "One organisation")
        {
            Parameters = ["org"],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, Org)],
            Errors = ErrorStatuses.Find,
        },
        new(
            "PATCH", "api/v1/admin/orgs/{org}", "changeOrg", ApiTag.Admin,
            "Changes an organisation: what is left out stays")
        {
            Description = "It holds on every instance within 30 seconds. `deleted: false` brings one back that was "
                + "taken away.",
            Parameters = ["org", .. ParameterSets.Changed],
            Body = OrgChange,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, Org)],
            Errors = ErrorStatuses.Change,
        },
        new(
            "DELETE", "api/v1/admin/orgs/{org}", "deleteOrg", ApiTag.Admin,
            "Takes an organisation away, and its keys with it")
        {
            Description = "Its account and its activity stay, and its id is not given again.",
            Parameters = ["org", .. ParameterSets.Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.AdminOrgResponse, DeletedOrg)],
            Errors = ErrorStatuses.Change,
        },
    ];
}
