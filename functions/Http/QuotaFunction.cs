using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves <c>GET /api/v1/quota</c> and <c>GET /api/v1/quota/{slug}</c>: the limits that bind the calling key; and
/// <c>POST /api/v1/quota/check</c>: what would become of this request. <c>x-freeway-endpoint</c> says which endpoint it
/// is for, <c>chat/completions</c> unless said.
/// </summary>
public sealed class QuotaFunction(
    QuotaQueries quota, QuotaPreview preview, UnmatchedRequestHandler unmatched, HttpEndpointRunner runner)
{
    private const string Usual = "chat/completions";

    [Function("Quota")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/quota/{*slug}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("slug")) switch
        {
            ("GET", null) => runner.AnswerAsync(
                request, PlainJson.Api.PageQuotaResponse,
                (caller, gone) => quota.ListAsync(caller, RequestOptionsHeaders.EndUser(request), gone)),
            ("GET", { } slug) => FindAsync(request, slug),
            (_, { } path) when IsCheck(path) => CheckAsync(request),
            _ => unmatched.AnswerAsync(request),
        };

    // A route of its own would take any case and a slash at its end: so does what the catch-all found.
    private static bool IsCheck(string path) => path.TrimEnd('/').Equals("check", StringComparison.OrdinalIgnoreCase);

    private Task<IActionResult> FindAsync(HttpRequest request, string slug) => runner.AnswerAsync(
        request, PlainJson.Api.PageQuotaResponse,
        (caller, gone) => quota.FindAsync(
            caller, Uri.UnescapeDataString(slug), RequestOptionsHeaders.EndUser(request), gone));

    private Task<IActionResult> CheckAsync(HttpRequest request) =>
        runner.AnswerAsync(request, PlainJson.Api.QuotaCheck, async (caller, gone) =>
            RequestOptionsHeaders.Read(request.Headers).Accepted(out var options, out var refusal)
            && (await runner.ReadBodyAsync(request, gone)).Accepted(out var body, out refusal)
                ? await preview.PreviewAsync(caller, Endpoint(request), options, body, gone)
                : (Result<QuotaCheck>)refusal);

    private static string Endpoint(HttpRequest request) =>
        request.Headers["x-freeway-endpoint"].ToString() is { Length: > 0 } named ? named : Usual;
}

/// <summary>Describes the limits that bind a key, and the check of a request before it is sent.</summary>
internal static class QuotaOperations
{
    public const string Quota =
        """
        {"id":"fastrouter-free.daily","kind":"hard","model":"demo/echo","unit":"requests","window":"day",
        "window_id":"2026-05-29","scope":"org_model","limit":10,"used":1,"reserved":0,"remaining":9,
        "resets_at":"2026-05-30T00:00:00Z"}
        """;

    private const string Check =
        """
        {"object":"quota.check","admitted":true,"slug":"demo/echo:free","model":"demo/echo","tier":"free",
        "reservation":[{"id":"fastrouter-free.daily","unit":"requests","amount":1}],"estimate":{"input_tokens":12,
        "output_tokens":32756,"images":0,"characters":0,"seconds":0,"cost_usd":"0.00"},"refusal":null}
        """;

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "api/v1/quota", "listQuota", ApiTag.Account, "Every limit that binds the calling key")
        {
            Description = "The limits of each plan by which a model is open to this key, for its :free slug and its bare id; "
                + "the limits and ceilings of the key and its organisation; the account. Plans that are not open to it, "
                + "and plans of models that it may not call, are left out. A limit of several models is one. "
                + "Limits that count for each end user are told where one is named.",
            Parameters = ["end_user", "X-Freeway-End-User"],
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, ApiContent.ListOf(Quota))],
            Errors = ErrorStatuses.Read,
        },
        new("GET", "api/v1/quota/{*slug}", "getQuota", ApiTag.Account, "The limits that bind requests for one slug")
        {
            Parameters = ["slug", "end_user", "X-Freeway-End-User"],
            Answers = [ApiContent.Of(PlainJson.Api.PageQuotaResponse, ApiContent.ListOf(Quota))],
            Errors = [400, .. ErrorStatuses.Find],
        },
        new(
            "POST", "api/v1/quota/check", "checkQuota", ApiTag.Account,
            "What would become of a request if it were sent now")
        {
            Description = "The body is the request as it would be sent; nothing is sent and nothing taken.",
            Parameters = ["X-Freeway-Endpoint", "X-Freeway-Overflow", "X-Freeway-End-User"],
            Body = new ApiContent(ApiContent.Json, """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""") { Schema = """{"type":"object","required":["model"],"properties":{"model":{"type":"string"}},"additionalProperties":true}""" },
            Answers = [ApiContent.Of(PlainJson.Api.QuotaCheck, Check)],
            Errors = [400, 401, 403, 404, 408, 413, 431, 500, 503],
        },
    ];
}
