using Freeway.Functions.Http.Requests;
using Freeway.Functions.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Freeway.Functions.Http.Middleware;

/// <summary>
/// Sets what pages of an allowed origin may send and read. Keys come in a header, so that cookies are never allowed.
/// </summary>
internal static class CorsResponses
{
    /// <summary>The longest that any browser keeps a preflight.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(2);

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>All headers of ours that mean something to a caller.</summary>
    private static readonly string[] Exposed =
    [
        RequestIdentity.Header, RequestIdentity.OurHeader, MessagesPath.RequestIdHeader,
        "x-freeway-model", "x-freeway-upstream", "x-freeway-tier", "x-freeway-output-ceiling",
        "x-freeway-cache", "Age",
        "x-freeway-idempotent",
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
        "RateLimit", "RateLimit-Policy", "Retry-After", "x-should-retry", "Allow", "ETag",
    ];

    /// <summary>Any header may be sent: the SDKs add their own by the dozen.</summary>
    public static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.WithMethods(Methods).AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(MaxAge);
        _ = origins is [CorsOrigins.Any]
            ? policy.AllowAnyOrigin()
            : policy.WithOrigins([.. origins]).SetIsOriginAllowedToAllowWildcardSubdomains();
    }
}
