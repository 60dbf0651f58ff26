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

/// <summary>Serves <c>/api/v1/admin/invitations</c>: invitations to sign up.</summary>
public sealed class AdminInvitationsFunction(
    InvitationCommands commands, SignUpRequests requests, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    private const string Path = "api/v1/admin/invitations/{invitation?}";

    [Function("AdminInvitations")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "delete", Route = Path)]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("invitation")) switch
        {
            ("GET", null) => ListAsync(request),
            ("POST", null) => CreateAsync(request),
            ("DELETE", { } id) => runner.CommandAsync(
                request, AdminScope.Keys, PlainJson.Api.InvitationResponse,
                (command, gone) => commands.DeleteAsync(command, id, gone)),
            _ => unmatched.AnswerAsync(request),
        };

    private Task<IActionResult> ListAsync(HttpRequest request) =>
        runner.AdministerAsync(request, AdminScope.Read, PlainJson.Api.PageInvitationResponse, async (_, gone) =>
            ListQuery.Read(name => request.Query[name]).Accepted(out var query, out var refusal)
                ? await commands.ListAsync(query, gone)
                : (Result<Page<InvitationResponse>>)refusal);

    private Task<IActionResult> CreateAsync(HttpRequest request) => runner.CommandAsync(
        request, AdminScope.Keys, PlainJson.Api.InvitationResponse, async (command, gone) =>
            requests.BaseUrl(request).Accepted(out var own, out var refusal)
                ? await commands.CreateAsync(command, own, gone)
                : (Result<DocumentResult<InvitationResponse>>)refusal,
        made => made.Id);
}

/// <summary>Describes how people are invited.</summary>
internal static class InvitationOperations
{
    private const string Members =
        """
        "object":"invitation","id":"ada","label":"Ada of the newsletter","plan":"fastrouter-free",
        "expires_at":"2026-06-05T12:00:00Z","accepted_by":null,"accepted_at":null,
        "created_at":"2026-05-29T12:00:00Z","created_by":"settings"
        """;

    private const string Invitation = $$"""{{{Members}}}""";

    private const string Made =
        $$"""{{{Members}},"url":"https://freeway.example.com/dashboard#/invitation/MTc4MAphZGE.c2lnbmF0dXJl"}""";

    private const string Deleted = $$"""{{{Members}},"deleted_at":"2026-05-30T12:00:00Z"}""";

    private const string Fields = ApiContent.IdProperty + ","
        + """
        "label":{"type":"string","minLength":1,"maxLength":200},
        "plan":{"type":["string","null"],"description":"The plan that it gives; null for the plan of the settings."},
        "expires_at":{"type":["string","null"],"format":"date-time",
        "description":"90 days from now at most; a week where it is left out."}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/admin/invitations", "listInvitations", ApiTag.Admin, "Invitations to sign up, by their ids")
        {
            Parameters = ParameterSets.Listed,
            Answers = [ApiContent.Of(PlainJson.Api.PageInvitationResponse, ApiContent.ListOf(Invitation))],
            Errors = ErrorStatuses.List,
        },
        new(
            "POST", "api/v1/admin/invitations", "createInvitation", ApiTag.Admin,
            "Makes a signed link by which one person signs up")
        {
            Description = "One person can accept it, once. The link is in this answer and nowhere else; a repeat under "
                + "the same Idempotency-Key has it again.",
            Parameters = ["Idempotency-Key"],
            Body = ApiContent.Body("""{"id":"ada","label":"Ada of the newsletter","plan":"fastrouter-free"}""", Fields),
            Success = 201,
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.InvitationResponse, Made)],
            Errors = [404, .. ErrorStatuses.Create],
        },
        new(
            "DELETE", "api/v1/admin/invitations/{invitation}", "deleteInvitation", ApiTag.Admin,
            "Takes an invitation back")
        {
            Description = "Who has the link can no longer accept it. Who has accepted it stays.",
            Parameters = ["invitationInPath", .. ParameterSets.Changed],
            HasRevision = true,
            Answers = [ApiContent.Of(PlainJson.Api.InvitationResponse, Deleted)],
            Errors = ErrorStatuses.Change,
        },
    ];
}
