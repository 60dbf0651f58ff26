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
    QuotaView quota, QuotaPreview preview, UnmatchedRequestHandler unmatched, HttpEndpointRunner doorway)
{
    private const string Usual = "chat/completions";

    [Function("Quota")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "api/v1/quota/{*slug}")]
        HttpRequest request) =>
        (request.Verb(), request.RouteText("slug")) switch
        {
            ("GET", null) => doorway.AnswerAsync(request, PlainJson.Api.PageQuotaResponse, quota.ListAsync),
            ("GET", { } slug) => FindAsync(request, slug),
            (_, { } path) when IsCheck(path) => CheckAsync(request),
            _ => unmatched.AnswerAsync(request),
        };

    // A route of its own would take any case and a slash at its end: so does what the catch-all found.
    private static bool IsCheck(string path) => path.TrimEnd('/').Equals("check", StringComparison.OrdinalIgnoreCase);

    private Task<IActionResult> FindAsync(HttpRequest request, string slug) => doorway.AnswerAsync(
        request, PlainJson.Api.PageQuotaResponse,
        (caller, gone) => quota.FindAsync(caller, Uri.UnescapeDataString(slug), gone));

    private Task<IActionResult> CheckAsync(HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.QuotaCheck, async (caller, gone) =>
            RequestOptionsHeaders.Read(request.Headers).Accepted(out var wishes, out var refusal)
            && (await doorway.ReadBodyAsync(request, gone)).Accepted(out var body, out refusal)
                ? await preview.PreviewAsync(caller, Endpoint(request), wishes, body, gone)
                : (Result<QuotaCheck>)refusal);

    private static string Endpoint(HttpRequest request) =>
        request.Headers["x-freeway-endpoint"].ToString() is { Length: > 0 } named ? named : Usual;
}
