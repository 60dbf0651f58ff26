using System.Collections.ObjectModel;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Calls upstreams. Outage stance: an upstream out of reach is an expected outcome, not an exception.
/// </summary>
public interface IUpstreamClient
{
    /// <summary>Sends the call and returns as soon as the headers are there; the body is read from the reply.</summary>
    /// <exception cref="UpstreamUnreachableException">No connection, or it broke before any header came.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation);
}

/// <summary>Describes one attempt at one upstream.</summary>
/// <param name="Upstream">As the catalogue of the request has it.</param>
/// <param name="Path">Relative to the upstream's base URL, e.g. <c>chat/completions</c>.</param>
public sealed record UpstreamCall(Upstream Upstream, string Path, IUpstreamBody Body)
{
    /// <summary>Gets what is sent beside the key, by header name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>
/// Holds an upstream's answer: status and headers are here, the body is still on its way. Disposing it cancels the
/// rest.
/// </summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">The header as sent; null where it was not.</param>
/// <param name="ContentLength">In bytes; null where the upstream does not say it.</param>
/// <param name="Headers">The headers of interest: request ids and rate limits, names in lower case.</param>
/// <param name="Body">Reads throw <see cref="IOException"/> when the upstream drops.</param>
public sealed record UpstreamReply(
    int Status,
    string? ContentType,
    long? ContentLength,
    IReadOnlyDictionary<string, string> Headers,
    Stream Body,
    IDisposable Connection)
    : IDisposable
{
    /// <summary>
    /// Gets the time for which the upstream wants no more calls, bounded; null where the answer does not say it.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the amounts that the answer says are left of the upstream's limits.</summary>
    public IReadOnlyList<RateLimitReading> RateLimits { get; init; } = [];

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsEventStream =>
        ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Gets whether the content type is JSON, of whichever kind.</summary>
    public bool IsJson => ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>
    /// Shows status and content type alone: headers and connection may hold more than anybody may see.
    /// </summary>
    public override string ToString() => $"{Status} {ContentType}";

    public void Dispose() => Connection.Dispose();
}

/// <summary>
/// Says that an upstream gave no answer at all, or none that can be used. The message names the reason, never an
/// address or a key.
/// </summary>
public sealed class UpstreamUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Writes what is sent to an upstream while it goes out: it need not be in memory as a whole.</summary>
public interface IUpstreamBody
{
    /// <summary>The content type with its parameters, e.g. a boundary.</summary>
    string ContentType { get; }

    /// <summary>The length in bytes; null where it shows only as the body goes out.</summary>
    long? Length { get; }

    Task WriteAsync(Stream upstream, CancellationToken cancellation);
}
