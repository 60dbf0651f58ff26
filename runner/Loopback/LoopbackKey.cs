using System.Text;
using Microsoft.AspNetCore.Http;

namespace Freeway.Runner.Loopback;

/// <summary>The report of a key that may spend without a bound and has spent nothing, in the shape that OpenRouter sends.</summary>
internal static class LoopbackKey
{
    private const string Report =
        """{"data":{"label":"loopback","limit":null,"limit_remaining":null,"usage":0,"usage_daily":0,"usage_monthly":0,"is_free_tier":true}}""";

    public static Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Report, Encoding.UTF8, http.RequestAborted);
    }
}
