using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>POST /api/v1/quota/check</c>: what would become of this request. <c>x-freeway-endpoint</c> says which endpoint it is for,
/// <c>chat/completions</c> unless said.
/// </summary>
public sealed class QuotaCheckFunction(QuotaPreview preview, Doorway doorway)
{
    private const string Usual = "chat/completions";

    [Function("QuotaCheck")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/quota/check")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.QuotaCheck, async (caller, gone) =>
            WishHeaders.Read(request.Headers).Accepted(out var wishes, out var refusal)
            && (await doorway.ReadBodyAsync(request, gone)).Accepted(out var body, out refusal)
                ? await preview.PreviewAsync(caller, Endpoint(request), wishes, body, gone)
                : (Decision<QuotaCheck>)refusal);

    private static string Endpoint(HttpRequest request) => request.Headers["x-freeway-endpoint"].ToString() is { Length: > 0 } named ? named : Usual;
}
