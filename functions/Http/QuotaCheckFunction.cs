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
public sealed class QuotaCheckFunction(IQuotaPreview preview, Doorway doorway)
{
    private const string Usual = "chat/completions";

    [Function("QuotaCheck")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/quota/check")] HttpRequest request) =>
        doorway.AnswerAsync(request, PlainJson.Api.QuotaCheck, async (caller, gone) =>
            (await doorway.ReadBodyAsync(request, gone)).Accepted(out var body, out var refusal)
                ? await preview.PreviewAsync(caller, Value(request, "x-freeway-endpoint") ?? Usual, body, Value(request, "x-freeway-overflow"), gone)
                : (Decision<QuotaCheck>)refusal);

    private static string? Value(HttpRequest request, string header) => request.Headers[header].ToString() is { Length: > 0 } value ? value : null;
}
