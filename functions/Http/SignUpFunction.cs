using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>/api/v1/sign-up</c>: people sign up and in by themselves, where an operator has opened it.
/// </summary>
public sealed class SignUpFunction(
    SignUpCommands commands, SignUpRequests requests, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    [Function("SignUp")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/sign-up")]
        HttpRequest request) =>
        request.Verb() switch
        {
            "GET" => runner.OpenAsync(
                request, PlainJson.Api.SignUpResponse, (_, _) => Task.FromResult(commands.Describe())),
            "POST" => BeginAsync(request),
            _ => unmatched.AnswerAsync(request),
        };

    [Function("SignUpSession")]
    public Task<IActionResult> SessionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "delete", Route = "api/v1/sign-up/session")]
        HttpRequest request) =>
        request.Verb() switch
        {
            "POST" => FinishAsync(request),
            "DELETE" => runner.OwnCommandAsync(
                request, (caller, gone) => commands.SignOutAsync(caller, Secrets.Of(request)!, gone)),
            _ => unmatched.AnswerAsync(request),
        };

    private Task<IActionResult> BeginAsync(HttpRequest request) =>
        runner.OpenAsync(request, PlainJson.Api.SignInResponse, async (body, gone) =>
        {
            if (!requests.BaseUrl(request).Accepted(out var own, out var refusal)
                || !(await commands.BeginAsync(body, own, gone)).Accepted(out var begun, out refusal))
            {
                return refusal;
            }

            SignUpRequests.Keep(request.HttpContext.Response, own, begun.Kept, begun.Lasts);
            return begun.Response;
        });

    private Task<IActionResult> FinishAsync(HttpRequest request) =>
        runner.OpenAsync(request, PlainJson.Api.SessionResponse, async (body, gone) =>
        {
            if (!requests.BaseUrl(request).Accepted(out var own, out var refusal))
            {
                return refusal;
            }

            var kept = SignUpRequests.Kept(request);
            if (kept is not null)
            {
                SignUpRequests.Forget(request.HttpContext.Response, own);
            }

            return await commands.FinishAsync(body, kept, requests.Address(request.HttpContext), gone);
        });
}

/// <summary>Describes how people sign up.</summary>
internal static class SignUpOperations
{
    private const string SignUp =
        """
        {"object":"sign_up","plan":"fastrouter-free","provider":"Example","invitation_only":false,
        "terms":{"version":"2026-11","url":"https://freeway.example.com/terms"}}
        """;

    private const string SignIn =
        """{"object":"sign_in","url":"https://login.example.com/authorize?client_id=freeway"}""";

    private const string Session =
        """
        {"object":"session","secret":"fwk_00000000000000000000000000000000000000000000000000",
        "org":{"id":"u-00000000000000000000000000000000","name":"Ada"},"expires_at":"2026-05-30T00:00:00Z"}
        """;

    private const string Invitation =
        """
        "invitation":{"type":"string","minLength":1,"maxLength":2000,
        "description":"What stands behind `#/invitation/` in an invitation's link."}
        """;

    private const string Terms =
        """
        "terms":{"type":"string","minLength":1,"maxLength":64,
        "description":"The version of the terms that the person has read and accepts."}
        """;

    private static readonly int[] Refusals = [400, 403, 404, 408, 413, 431, 500, 503];

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/sign-up", "getSignUp", ApiTag.Service, "How people sign up here, if they may")
        {
            Description = "404 where sign-up is off, as it is until an operator opens it.",
            Answers = [ApiContent.Of(PlainJson.Api.SignUpResponse, SignUp)],
            Errors = [404],
        },
        new("POST", "api/v1/sign-up", "beginSignIn", ApiTag.Service, "Begins a sign-in at the OpenID Connect provider")
        {
            Description = "Answers with the provider's page, and with a cookie by which the browser that began is "
                + "known for ten minutes. The provider sends the browser back to `/dashboard` with `code` and `state`.",
            Body = ApiContent.Body("""{"terms":"2026-11"}""", Terms + "," + Invitation, "\"terms\""),
            Answers = [ApiContent.Of(PlainJson.Api.SignInResponse, SignIn)],
            Errors = Refusals,
        },
        new(
            "POST", "api/v1/sign-up/session", "openSession", ApiTag.Service,
            "Finishes a sign-in, or accepts an invitation without one, and opens a session")
        {
            Description = "The first time it makes the person's organisation, of which there is one for each person. "
                + "Send `code` and `state` as the provider gave them, with the cookie; or `invitation` and `terms`.",
            Body = ApiContent.Body(
                """{"invitation":"MTc4MAphZGE.c2lnbmF0dXJl","terms":"2026-11"}""",
                """
                "code":{"type":"string","minLength":1,"maxLength":4000},
                "state":{"type":"string","minLength":1,"maxLength":2000},
                """
                + Terms + "," + Invitation),
            Answers = [ApiContent.Of(PlainJson.Api.SessionResponse, Session)],
            Errors = [.. Refusals, 429],
        },
        new("DELETE", "api/v1/sign-up/session", "closeSession", ApiTag.Account, "Ends the session whose secret is sent")
        {
            Success = 204,
            Answers = [],
            Errors = ErrorStatuses.Read,
        },
    ];
}
