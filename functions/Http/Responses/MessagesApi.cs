using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Responses;

/// <summary>Knows what the endpoints of Anthropic's Messages API answer in a shape of their own.</summary>
internal static class MessagesApi
{
    /// <summary>The header in which Anthropic's clients look for the request's id.</summary>
    public const string RequestIdHeader = "request-id";

    private static readonly PathString Root = "/api/v1/" + Surface.Messages.Path;

    /// <summary>Tells whether a request is for one of these endpoints, or for a path below them.</summary>
    public static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

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
