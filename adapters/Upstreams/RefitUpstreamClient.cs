using System.Collections.Concurrent;
using System.Collections.Frozen;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Models;
using Freeway.Gateway.Routing;
using Freeway.Gateway.Upstreams;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>Calls upstreams through one Refit contract; each upstream keeps one pooled client for the life of the process.</summary>
internal sealed class RefitUpstreamClient(CatalogueSnapshot catalogue, IHttpClientFactory clients, CallOptions options, TimeProvider clock) : IUpstreamClient
{
    public const string ClientName = "upstream";
    private const int LongestHeader = 200;
    private const int MostHeaders = 24;

    private static readonly FrozenSet<string> Kept = FrozenSet.ToFrozenSet(["x-request-id", "cf-ray", "nvcf-reqid", "retry-after"], StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, IOpenAiApi> _apis = new(StringComparer.Ordinal);

    public async Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var api = _apis.GetOrAdd(call.Upstream, Connect);
        var upstream = catalogue.Router[call.Upstream];
        try
        {
            var response = await api.PostAsync(call.Path, new UpstreamContent(Body(call, upstream)), Credentials(upstream), cancellation);
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
        catch (Exception failure) when (Cause(failure) is { } cause)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new UpstreamUnreachableException(Words(cause), cause);
        }
        catch (ApiRequestException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private IOpenAiApi Connect(string upstream)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = catalogue.Router[upstream].BaseUrl;
        return RestService.For<IOpenAiApi>(client);
    }

    private static IUpstreamBody Body(UpstreamCall call, Upstream upstream) =>
        call.Body is JsonPieces json && Surface.At(call.Path) is { } surface ? QuirkedBody.Apply(json, surface, upstream.Quirks) : call.Body;

    private static Dictionary<string, string> Credentials(Upstream upstream) =>
        upstream.ApiKey is { Length: > 0 } key ? new(1) { [upstream.Auth.Header] = upstream.Auth.Value(key) } : [];

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

    private static HttpRequestException? Cause(Exception failure) =>
        failure as HttpRequestException ?? (failure as ApiRequestException)?.InnerException as HttpRequestException;

    private static string Words(HttpRequestException failure) => failure switch
    {
        { InnerException: PrivateAddressException refused } => refused.Message,
        { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection",
        { HttpRequestError: HttpRequestError.Unknown } => "no answer",
        _ => "no valid answer",
    };
}
