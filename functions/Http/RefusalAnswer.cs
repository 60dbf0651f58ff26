using System.Collections.Frozen;
using System.Text.Json;
using Freeway.Gateway.Refusals;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http;

/// <summary>Every refusal as HTTP, in one place.</summary>
internal static class RefusalAnswer
{
    /// <summary>A wait that no SDK should sleep out or retry into.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private static readonly FrozenDictionary<RefusalCode, string> Codes =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(code => code, code => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    public static string Code(RefusalCode code) => Codes[code];

    public static int Status(RefusalCode code) => code switch
    {
        RefusalCode.InvalidJson => 400,
        RefusalCode.InvalidRequest => 400,
        RefusalCode.FreeSlugNotEnabled => 400,
        RefusalCode.FlexSlugNotEnabled => 400,
        RefusalCode.ConflictingVariants => 400,
        RefusalCode.ContextLengthExceeded => 400,
        RefusalCode.CapExceeded => 400,
        RefusalCode.InvalidApiKey => 401,
        RefusalCode.InsufficientCredits => 402,
        RefusalCode.KeyDisabled => 403,
        RefusalCode.OrgDisabled => 403,
        RefusalCode.PlanNotEligible => 403,
        RefusalCode.ModelNotFound => 404,
        RefusalCode.NotFound => 404,
        RefusalCode.RequestInProgress => 409,
        RefusalCode.AlreadyCompleted => 409,
        RefusalCode.RequestTooLarge => 413,
        RefusalCode.FreeQuotaExceeded => 429,
        RefusalCode.RateLimitExceeded => 429,
        RefusalCode.ConcurrencyLimitExceeded => 429,
        RefusalCode.RequestHeadersTooLarge => 431,
        RefusalCode.InternalError => 500,
        RefusalCode.UpstreamError => 502,
        RefusalCode.QuotaUnavailable => 503,
        RefusalCode.Overloaded => 503,
        RefusalCode.ShuttingDown => 503,
        RefusalCode.UpstreamTimeout => 504,
    };

    public static async Task WriteAsync(HttpResponse response, Refusal refusal, DateTimeOffset now)
    {
        response.StatusCode = Status(refusal.Code);
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (response.StatusCode is 429 && (refusal.RetryAfter is null || refusal.RetryAfter > LongWait))
        {
            response.Headers["x-should-retry"] = "false";
        }

        if (refusal.Limit is { } spent)
        {
            RateLimitHeaders.Write(response.Headers, spent, now);
        }

        await response.WriteAsJsonAsync(Body(refusal), PlainJson.Api.ErrorBody);
    }

    public static ErrorBody Body(Refusal refusal) => new(new ErrorDetail(Code(refusal.Code), refusal.Message, Type(Status(refusal.Code)))
    {
        Param = refusal.Param,
        QuotaLimit = refusal.Limit?.Amount,
        QuotaUsed = refusal.Limit?.Used,
        ResetAt = refusal.Limit?.ResetsAt,
        LimitSource = refusal.Limit?.Source,
        Unit = refusal.Limit?.Unit,
        Window = refusal.Limit?.Window,
        Suggestions = refusal.Limit?.Suggestions,
    });

    private static string Type(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        502 or 504 => "upstream_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
