using System.Text.Json.Serialization;
using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.Responses;

/// <summary>Writes refusals as Anthropic's Messages API does.</summary>
internal static class MessagesError
{
    /// <summary>Makes the body of a refusal: Anthropic's shape, our fields beside its type and message.</summary>
    public static MessagesErrorBody Body(Refusal refusal, string requestId) =>
        new(RefusalResponseWriter.Body(refusal).Error with { Type = Type(refusal.Status) }, requestId);

    /// <summary>Names the type of an error by its status, as Anthropic does.</summary>
    public static string Type(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 or 431 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}

/// <summary>The shape of errors of the Messages API.</summary>
internal sealed record MessagesErrorBody(ErrorDetail Error, string RequestId)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "error";
}
