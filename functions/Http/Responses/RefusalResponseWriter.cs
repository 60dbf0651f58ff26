using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Freeway.Functions.Http.Responses;

/// <summary>Every refusal as HTTP, in one place.</summary>
internal static class RefusalResponseWriter
{
    private const string ProblemType = "https://iana.org/assignments/http-problem-types";

    /// <summary>A wait that no SDK should sleep out or retry into.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    public static async Task WriteAsync(HttpResponse response, Refusal refusal, DateTimeOffset now)
    {
        RequestMetrics.Refused(refusal.Code.WireName(), refusal.Limit?.Unit, refusal.Limit?.Window);
        response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(
                CultureInfo.InvariantCulture);
        }

        if (ShouldNotRetry(refusal))
        {
            response.Headers["x-should-retry"] = "false";
        }

        if (refusal.Model is { } model)
        {
            response.Headers["x-freeway-model"] = model;
        }

        if (refusal.Tier is { } tier)
        {
            response.Headers["x-freeway-tier"] = tier;
        }

        if (refusal.Limit is { } spent)
        {
            RateLimitHeaders.Write(response.Headers, spent, now);
        }

        await (AcceptHeader.ProblemJson(response.HttpContext.Request)
            ? JsonResponse.WriteAsync(
                response, Problem(refusal, RequestId(response)), PlainJson.Api.ProblemBody, JsonResponse.Problem)
            : MessagesPath.IsFor(response.HttpContext.Request)
                ? JsonResponse.WriteAsync(
                    response, MessagesError.Body(refusal, RequestId(response)), PlainJson.Api.MessagesErrorBody)
            : refusal.Dialect is Dialect.Apilaplas && refusal.Code.IsQuota()
                ? JsonResponse.WriteAsync(response, Flat(refusal, response, now), PlainJson.Api.FlatBody)
                : JsonResponse.WriteAsync(response, Body(refusal), PlainJson.Api.ErrorBody));
    }

    public static ErrorBody Body(Refusal refusal) =>
        new(Tell(new ErrorDetail(refusal.Code.WireName(), refusal.Message, Type(refusal.Code.Status())), refusal));

    /// <summary>Tells whether the same request would be refused again for long, or for ever.</summary>
    private static bool ShouldNotRetry(Refusal refusal) =>
        refusal.Code is RefusalCode.AlreadyCompleted
        || refusal.RetryAfter > LongWait
        || (refusal.Code.IsQuota() && refusal.RetryAfter is null);

    private static ProblemBody Problem(Refusal refusal, string requestId)
    {
        var status = refusal.Status;
        var (type, title) = refusal.Code.IsQuota() ? ($"{ProblemType}#quota-exceeded", "Quota exceeded")
            : status is 503 ? ($"{ProblemType}#temporary-reduced-capacity", "Temporarily reduced capacity")
            : ("about:blank", ReasonPhrases.GetReasonPhrase(status));
        return Tell(
            new ProblemBody(type, title, status, refusal.Message, requestId, refusal.Code.WireName()), refusal) with
        {
            ViolatedPolicies = refusal.Limit is { } spent ? [spent.Source] : null,
        };
    }

    /// <summary>
    /// The body of seed 002, its sentence word for word. The document writes its rule with an underscore, where limits
    /// are named with dashes.
    /// </summary>
    private static FlatBody Flat(Refusal refusal, HttpResponse response, DateTimeOffset now)
    {
        var path = response.HttpContext.Request.Path;
        var rule = refusal.Limit is { } spent ? spent.Source[(spent.Source.LastIndexOf('.') + 1)..] : refusal.Code.WireName();
        return new(
            $"You have exhausted the available [plan.rule:{rule.Replace('-', '_')}] resource limit. "
            + "Update your payment method to continue using the service. "
            + "For more information please visit https://www.apilaplas.com/app/billing",
            (path.StartsWithSegments("/api", out var below) ? below : path).Value ?? "",
            RequestId(response),
            response.StatusCode.ToString(CultureInfo.InvariantCulture),
            now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private static T Tell<T>(T body, Refusal refusal)
        where T : RefusalFacts
    {
        // An account is no quota: what was bought and spent of it says nothing about this request.
        var quota = refusal.Limit?.Source is Account.Source ? null : refusal.Limit;
        return body with
        {
            Param = refusal.Param,
            Errors = refusal.Errors is { Count: > 0 } errors ? errors : null,
            Cap = refusal.Cap,
            QuotaLimit = quota?.Amount,
            QuotaUsed = quota?.Used,
            ResetAt = refusal.Limit?.ResetsAt,
            LimitSource = refusal.Limit?.Source,
            Unit = refusal.Limit?.Unit,
            Window = refusal.Limit?.Window,
            Suggestions = refusal.Limit?.Suggestions,
            RepeatOf = refusal.RepeatOf,
        };
    }

    private static string RequestId(HttpResponse response) => response.Headers["x-request-id"].ToString();

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

/// <summary>Holds the facts of a refusal beside its message, for all shapes; what does not apply is left out.</summary>
internal abstract record RefusalFacts
{
    public string? Param { get; init; }

    /// <summary>All that is wrong, by field.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    [JsonConverter(typeof(CapBoundConverter))]
    public CapBound? Cap { get; init; }

    public decimal? QuotaLimit { get; init; }

    public decimal? QuotaUsed { get; init; }

    public DateTimeOffset? ResetAt { get; init; }

    public string? LimitSource { get; init; }

    public string? Unit { get; init; }

    public string? Window { get; init; }

    public IReadOnlyList<string>? Suggestions { get; init; }

    public string? RepeatOf { get; init; }
}

/// <summary>Writes the bound of a cap as a number, a text or <c>false</c>.</summary>
internal sealed class CapBoundConverter : JsonConverter<CapBound>
{
    public override CapBound Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetInt64(),
            JsonTokenType.String => reader.GetString()!,
            _ => CapBound.Forbidden,
        };

    public override void Write(Utf8JsonWriter writer, CapBound value, JsonSerializerOptions options)
    {
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (value.Text is { } text)
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteBooleanValue(false);
        }
    }
}

/// <summary>The one shape of errors (contract §3).</summary>
internal sealed record ErrorBody(ErrorDetail Error);

/// <summary>Holds the code, the message and the type of an error, and the facts beside them.</summary>
internal sealed record ErrorDetail(string Code, string Message, string Type) : RefusalFacts;

/// <summary>The shape of quota errors in the dialect of seed 002; its status is a string.</summary>
/// <param name="Path">As the caller sent it, below <c>/api</c>.</param>
internal sealed record FlatBody(string Message, string Path, [property: JsonPropertyName("requestId")] string RequestId,
    [property: JsonPropertyName("statusCode")] string StatusCode, string Timestamp);

/// <summary>The shape of errors for those who ask for <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Instance">The request's id.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string? Instance, string Code) : RefusalFacts
{
    [JsonPropertyName("violated-policies")]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }
}
