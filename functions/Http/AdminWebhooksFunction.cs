using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Notices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>/api/v1/admin/webhook</c> and <c>/api/v1/admin/orgs/{org}/webhook</c>: where notices of the deployment and
/// of an organisation are sent.
/// </summary>
public sealed class AdminWebhooksFunction(
    WebhookQueries queries, WebhookCommands commands, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    private const string OfDeployment = "api/v1/admin/webhook";
    private const string OfOrg = "api/v1/admin/orgs/{org}/webhook";

    [Function("AdminWebhook")]
    public Task<IActionResult> DeploymentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "delete", Route = OfDeployment)]
        HttpRequest request) => RunAsync(request, WebhookDocuments.Deployment);

    [Function("AdminWebhookRotate")]
    public Task<IActionResult> RotateDeploymentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OfDeployment + "/rotate")] HttpRequest request) =>
        RotateAsync(request, WebhookDocuments.Deployment);

    [Function("AdminWebhookTest")]
    public Task<IActionResult> TestDeploymentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OfDeployment + "/test")] HttpRequest request) =>
        TestAsync(request, WebhookDocuments.Deployment);

    [Function("AdminOrgWebhook")]
    public Task<IActionResult> OrgAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "put", "delete", Route = OfOrg)]
        HttpRequest request, string org) => RunAsync(request, org);

    [Function("AdminOrgWebhookRotate")]
    public Task<IActionResult> RotateOrgAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OfOrg + "/rotate")] HttpRequest request,
        string org) => RotateAsync(request, org);

    [Function("AdminOrgWebhookTest")]
    public Task<IActionResult> TestOrgAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = OfOrg + "/test")] HttpRequest request,
        string org) => TestAsync(request, org);

    private Task<IActionResult> RunAsync(HttpRequest request, string target) => request.Verb() switch
    {
        "GET" => runner.ShowAsync(
            request, AdminScope.Read, PlainJson.Api.WebhookResponse, (_, gone) => queries.FindAsync(target, gone)),
        "PUT" => runner.CommandAsync(
            request, ScopeOf(target), PlainJson.Api.WebhookResponse,
            (command, gone) => commands.PutAsync(command, target, gone)),
        "DELETE" => runner.CommandAsync(
            request, ScopeOf(target), PlainJson.Api.WebhookResponse,
            (command, gone) => commands.DeleteAsync(command, target, gone)),
        _ => unmatched.AnswerAsync(request),
    };

    private Task<IActionResult> RotateAsync(HttpRequest request, string target) => runner.CommandAsync(
        request, ScopeOf(target), PlainJson.Api.WebhookResponse,
        (command, gone) => commands.RotateAsync(command, target, gone));

    private Task<IActionResult> TestAsync(HttpRequest request, string target) => runner.AdministerAsync(
        request, ScopeOf(target), PlainJson.Api.WebhookTestResponse, (_, gone) => commands.TestAsync(target, gone));

    private static AdminScope ScopeOf(string target) =>
        target is WebhookDocuments.Deployment ? AdminScope.All : AdminScope.Keys;
}

/// <summary>Describes how webhooks are administered.</summary>
internal static class WebhookOperations
{
    private const string Url = "https://hooks.example.com/freeway";

    private const string Deployment =
        $$"""
        {"object":"webhook","org":null,"url":"{{Url}}","events":null,"disabled":false,"created_at":"2026-05-29T12:00:00Z"}
        """;

    private const string Org =
        $$"""
        {"object":"webhook","org":"acme","url":"{{Url}}","events":["limit.reached","credit.low"],"disabled":false,
        "created_at":"2026-05-29T12:00:00Z"}
        """;

    private const string Secret = "\"secret\":\"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"";

    private const string Test =
        """
        {"id":"ntc_019e7480d2a07c7f9b1e5a3c4d5e6f70","delivered":false,"status":500,
        "error":"The receiver answered 500.","ms":12}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        .. Of("api/v1/admin/webhook", "Webhook", "the deployment's webhook", [], Deployment, NoticeTypes.Deployment.Names),
        .. Of(
            "api/v1/admin/orgs/{org}/webhook", "OrgWebhook", "an organisation's webhook", ["org"], Org,
            NoticeTypes.Org.Names),
    ];

    private static IEnumerable<ApiOperation> Of(
        string path, string id, string what, string[] place, string example, IReadOnlyList<string> events)
    {
        var withSecret = Member(example, Secret);
        yield return new("GET", path, $"get{id}", ApiTag.Admin, $"Shows {what}")
        {
            Parameters = place,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.WebhookResponse, example)],
            Errors = ErrorStatuses.Find,
        };
        yield return new("PUT", path, $"put{id}", ApiTag.Admin, $"Makes or changes {what}")
        {
            Description = "The secret of a new one is shown in this answer alone. What is left out goes back to what "
                + "a new one has; the secret stays. See docs/notices.md.",
            Parameters = [.. place, .. ParameterSets.Changed],
            Body = Body(events),
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.WebhookResponse, withSecret)],
            // The deployment is always there, an organisation need not be.
            Errors = place is [] ? [.. ErrorStatuses.Change.Except([404])] : ErrorStatuses.Change,
        };
        yield return new("DELETE", path, $"delete{id}", ApiTag.Admin, $"Takes {what} away")
        {
            Description = "What waits for it is given up.",
            Parameters = [.. place, .. ParameterSets.Changed],
            HasRevision = true,
            Answers =
            [
                ApiContent.Of(PlainJson.Api.WebhookResponse, Member(example, "\"deleted_at\":\"2026-06-29T12:00:00Z\"")),
            ],
            Errors = ErrorStatuses.Change,
        };
        yield return new("POST", path + "/rotate", $"rotate{id}", ApiTag.Admin, $"Gives {what} a new secret")
        {
            Description = "The one before signs beside it for a day, so that the receiver can follow.",
            Parameters = [.. place, .. ParameterSets.Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.WebhookResponse, withSecret)],
            Errors = ErrorStatuses.Change,
        };
        yield return new("POST", path + "/test", $"test{id}", ApiTag.Admin, $"Sends a test to {what}")
        {
            Description = "It is sent once, at once, and not kept; the answer says what the receiver said.",
            Parameters = place,
            Answers = [ApiContent.Of(PlainJson.Api.WebhookTestResponse, Test)],
            Errors = ErrorStatuses.Find,
        };
    }

    private static string Member(string example, string member) => example.TrimEnd()[..^1] + "," + member + "}";

    private static ApiContent Body(IReadOnlyList<string> events) => ApiContent.Body(
        $$"""{"url":"{{Url}}"}""",
        $$"""
        "url":{"type":"string","format":"uri","maxLength":2000,"description":"Where notices are posted: https."},
        "events":{"type":["array","null"],"minItems":1,"uniqueItems":true,
        "items":{"type":"string","enum":[{{string.Join(',', events.Select(name => $"\"{name}\""))}}]},
        "description":"The types of notices that it gets; left out or null for all."},
        "disabled":{"type":["boolean","null"]}
        """,
        "\"url\"");
}
