using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http;

/// <summary>What a caller's <c>Accept</c> header prefers.</summary>
internal static class Wants
{
    private const string Problem = "application/problem+json";

    /// <summary>What plain JSON falls under; the first that is there counts.</summary>
    private static readonly string[] Json = ["application/json", "application/*", "*/*"];

    /// <summary>True where problem+json is named, and plain JSON is not liked better. A wildcard names nothing.</summary>
    public static bool ProblemJson(HttpRequest request)
    {
        var ranges = new RequestHeaders(request.Headers).Accept;
        return Quality(ranges, Problem) is > 0 and var liked && liked >= (Json.Select(type => Quality(ranges, type)).FirstOrDefault(quality => quality is not null) ?? 0);
    }

    private static double? Quality(IList<MediaTypeHeaderValue> ranges, string type) =>
        ranges.FirstOrDefault(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } range ? range.Quality ?? 1 : null;
}
