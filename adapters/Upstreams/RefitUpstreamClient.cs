using System.Collections.Concurrent;
using System.Collections.Frozen;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Upstreams;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>Calls upstreams through one Refit contract; each upstream keeps one pooled client for the life of the process.</summary>
internal sealed class RefitUpstreamClient(CatalogueSnapshot catalogue, IHttpClientFactory clients) : IUpstreamClient
{
    public const string ClientName = "upstream";
    private const int LongestHeader = 200;
    private const int MostHeaders = 24;

    private static readonly FrozenSet<string> Kept = FrozenSet.ToFrozenSet(["x-request-id", "retry-after"], StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, IOpenAiApi> _apis = new(StringComparer.Ordinal);

    public async Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var api = _apis.GetOrAdd(call.Upstream, Connect);
        try
        {
            var response = await api.PostAsync(call.Path, new UpstreamContent(call.Body), catalogue.Router[call.Upstream].ApiKey, cancellation);
            return new UpstreamReply(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString(),
                response.Content.Headers.ContentLength,
                Headers(response),
                await response.Content.ReadAsStreamAsync(cancellation),
                response);
        }
        catch (Exception failure) when (Cause(failure) is { } cause)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new UpstreamUnreachableException(cause.HttpRequestError is HttpRequestError.Unknown ? "no answer" : Words(cause.HttpRequestError), cause);
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

    /// <summary>What is worth a line in the activity record: request ids and rate limits.</summary>
    private static Dictionary<string, string> Headers(HttpResponseMessage response) => response.Headers
        .Where(header => Kept.Contains(header.Key) || header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase))
        .Take(MostHeaders)
        .ToDictionary(header => header.Key.ToLowerInvariant(), header => Shorten(string.Join(", ", header.Value)));

    private static string Shorten(string value) => value.Length <= LongestHeader ? value : value[..LongestHeader];

    private static HttpRequestException? Cause(Exception failure) =>
        failure as HttpRequestException ?? (failure as ApiRequestException)?.InnerException as HttpRequestException;

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no secure connection",
        _ => "no valid answer",
    };
}
