using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Freeway.Functions.Http.Requests;

/// <summary>Reads which media type a caller's <c>Accept</c> header prefers.</summary>
internal static class AcceptHeader
{
    private const string Problem = "application/problem+json";
    private const string Csv = "text/csv";

    /// <summary>The media ranges that plain JSON is part of; the first that the header has counts.</summary>
    private static readonly string[] Json = ["application/json", "application/*", "*/*"];

    /// <summary>
    /// Tells whether a request names <c>application/problem+json</c> and does not prefer plain JSON. A wildcard names
    /// nothing.
    /// </summary>
    public static bool ProblemJson(HttpRequest request) => Prefers(request, Problem);

    /// <summary>
    /// Tells whether a request names <c>text/csv</c> and does not prefer plain JSON. A wildcard names nothing.
    /// </summary>
    public static bool CsvText(HttpRequest request) => Prefers(request, Csv);

    private static bool Prefers(HttpRequest request, string type)
    {
        // Nearly all callers name neither; the header is taken apart for those who do.
        if (!request.Headers.Accept.ToString().Contains(type, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var ranges = new RequestHeaders(request.Headers).Accept;
        return Quality(ranges, type) is > 0 and var liked && liked >= (
            Json.Select(json => Quality(ranges, json)).FirstOrDefault(quality => quality is not null) ?? 0);
    }

    private static double? Quality(IList<MediaTypeHeaderValue> ranges, string type) =>
        ranges.FirstOrDefault(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } range ? range.Quality ?? 1 : null;
}
