using Freeway.Gateway.Ledger;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Responses;

/// <summary>The answer to a request that was answered before under the same <c>Idempotency-Key</c>.</summary>
internal static class ReplayResponse
{
    /// <summary>
    /// Says that nothing was done for this answer; to ask again under the same key will not change it.
    /// </summary>
    public static void Mark(HttpResponse response)
    {
        response.Headers["x-freeway-idempotent"] = "replayed";
        response.Headers["x-should-retry"] = "false";
    }

    public static async Task WriteAsync(HttpResponse response, RequestOutcome outcome)
    {
        var body = outcome.Body ?? throw new ArgumentException(
            "An outcome without a body cannot be replayed.", nameof(outcome));
        Mark(response);
        response.StatusCode = outcome.Status;
        response.ContentType = outcome.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body);
    }
}
