using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Tells requests of Anthropic's Messages API, whose errors and request ids have a shape of their own.
/// </summary>
internal static class MessagesPath
{
    /// <summary>The header in which Anthropic's clients look for the request's id.</summary>
    public const string RequestIdHeader = "request-id";

    private static readonly PathString Root = "/api/v1/" + Surface.Messages.Path;

    /// <summary>Tells whether a request is for one of the endpoints, or for a path below them.</summary>
    public static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);
}
