using System.Collections.Frozen;
using Freeway.Gateway.Models;
using Freeway.Gateway.Routing;
using Freeway.Gateway.Telemetry;
using Freeway.Gateway.Upstreams;

namespace Freeway.Adapters.Upstreams;

/// <summary>Calls upstreams through one Refit contract, each as it wants to be called.</summary>
internal sealed class RefitUpstreamClient(UpstreamClients clients, CallOptions options, TimeProvider clock) : IUpstreamClient
{
    private const int LongestHeader = 200;
    private const int MostHeaders = 24;

    private static readonly FrozenSet<string> Kept =
        FrozenSet.ToFrozenSet(["x-request-id", "cf-ray", "nvcf-reqid", "retry-after"], StringComparer.OrdinalIgnoreCase);

    public async Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var upstream = call.Upstream;
        try
        {
            var body = new UpstreamContent(Body(call, upstream));
            var response = await clients[upstream].PostAsync(call.Path, body, Headers(upstream), cancellation);
            var now = clock.GetUtcNow();
            return new UpstreamReply(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString(),
                response.Content.Headers.ContentLength,
                Headers(response, upstream.ApiKey),
                await response.Content.ReadAsStreamAsync(cancellation),
                response)
            {
                RetryAfter = RetryAfter.Read(Header(response, "retry-after"), now, options.LongestRetryAfter),
                RateLimits = RateLimitReader.Read(upstream, name => Header(response, name), now),
            };
        }
        catch (Exception failure) when (CallFailure.Translate(failure, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    private Dictionary<string, string> Headers(Upstream upstream)
    {
        var headers = UpstreamClients.Credentials(upstream);
        if (options.SendTrace && Tracing.Here is { } trace)
        {
            headers["traceparent"] = trace;
        }

        return headers;
    }

    private static IUpstreamBody Body(UpstreamCall call, Upstream upstream) =>
        call.Body is JsonPieces json && Surface.At(call.Path) is { } surface ? QuirkedBody.Apply(json, surface, upstream.Quirks) : call.Body;

    /// <summary>What is worth a line in the activity record: request ids and rate limits, and never the key, should it come back.</summary>
    private static Dictionary<string, string> Headers(HttpResponseMessage response, string? key) => response.Headers
        .Where(header => Kept.Contains(header.Key) || header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase))
        .Select(header => (Name: header.Key.ToLowerInvariant(), Value: string.Join(", ", header.Value)))
        .Where(header => string.IsNullOrEmpty(key) || !header.Value.Contains(key, StringComparison.Ordinal))
        .Take(MostHeaders)
        .ToDictionary(header => header.Name, header => Shorten(header.Value));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    private static string Shorten(string value) => value.Length <= LongestHeader ? value : value[..LongestHeader];
}
