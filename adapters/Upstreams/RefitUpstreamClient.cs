using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>Calls upstreams through one Refit contract, each as it wants to be called.</summary>
internal sealed class RefitUpstreamClient(UpstreamClients clients, CallOptions options, TimeProvider clock) : IUpstreamClient
{
    private const int LongestHeader = 200;
    private const int MostHeaders = 24;

    private static readonly FrozenSet<string> Kept =
        FrozenSet.ToFrozenSet(["x-request-id", "request-id", "cf-ray", "nvcf-reqid", "retry-after"], StringComparer.OrdinalIgnoreCase);

    public async Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var upstream = call.Upstream;
        try
        {
            var body = new UpstreamContent(Body(call, upstream));
            var response = await clients[upstream].PostAsync(call.Path, body, Headers(call), cancellation);
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

    private Dictionary<string, string> Headers(UpstreamCall call)
    {
        var headers = UpstreamClients.Credentials(call.Upstream);
        foreach (var (name, value) in call.Headers)
        {
            headers.TryAdd(name, value); // an upstream's key may be in any header
        }

        if (options.SendTrace && Tracing.Here is { } trace)
        {
            headers["traceparent"] = trace;
        }

        return headers;
    }

    private static IUpstreamBody Body(UpstreamCall call, Upstream upstream) =>
        call.Body is JsonPieces json && Surface.At(call.Path) is { } surface ? QuirkedBody.Apply(json, surface, upstream.Quirks) : call.Body;

    /// <summary>
    /// Selects the headers that are worth a line in the activity record: request ids and rate limits, and never the
    /// key, should it come back.
    /// </summary>
    private static Dictionary<string, string> Headers(HttpResponseMessage response, string? key)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);

        // As they came: most are not wanted, and to read each by its own rules costs more than to look at its name.
        foreach (var header in response.Headers.NonValidated)
        {
            var isWanted = Kept.Contains(header.Key)
                || header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase);
            if (!isWanted || kept.Count >= MostHeaders)
            {
                continue;
            }

            var value = header.Value.ToString();
            if (string.IsNullOrEmpty(key) || !value.Contains(key, StringComparison.Ordinal))
            {
                kept.Add(header.Key.ToLowerInvariant(), Shorten(value));
            }
        }

        return kept;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    private static string Shorten(string value) => value.Length <= LongestHeader ? value : value[..LongestHeader];
}

/// <summary>A call's body as HTTP sends it.</summary>
internal sealed class UpstreamContent : HttpContent
{
    private const string Json = "application/json";

    /// <summary>Shared by all calls, and changed by none.</summary>
    private static readonly MediaTypeHeaderValue JsonType = new(Json);

    private readonly IUpstreamBody _body;

    public UpstreamContent(IUpstreamBody body)
    {
        _body = body;
        Headers.ContentType = body.ContentType is Json ? JsonType : MediaTypeHeaderValue.Parse(body.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body.WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length ?? 0;
        return _body.Length is not null;
    }
}

/// <summary>Says what went wrong with a call, in words that hold no address and no key.</summary>
internal static class CallFailure
{
    /// <summary>
    /// Makes the exception that is thrown in place of a failed call's own; null where the failure has another cause.
    /// </summary>
    public static Exception? Translate(Exception failure, CancellationToken cancellation)
    {
        if (failure is ApiRequestException or HttpRequestException or OperationCanceledException && cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellation);
        }

        return Cause(failure) is { } cause ? new UpstreamUnreachableException(Words(cause), cause) : null;
    }

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
