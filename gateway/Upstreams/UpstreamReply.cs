namespace Freeway.Gateway.Upstreams;

/// <summary>An upstream's answer: status and headers are here, the body is still on its way. Disposing it cancels the rest.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">As sent, or null.</param>
/// <param name="ContentLength">In bytes, where the upstream says it.</param>
/// <param name="Headers">The headers of interest: request ids and rate limits, names in lower case.</param>
/// <param name="Body">Reads throw <see cref="IOException"/> when the upstream drops.</param>
public sealed record UpstreamReply(
    int Status, string? ContentType, long? ContentLength, IReadOnlyDictionary<string, string> Headers, Stream Body, IDisposable Connection)
    : IDisposable
{
    /// <summary>How long the upstream wants to be left alone, capped; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What it says of its limits.</summary>
    public IReadOnlyList<RateLimitReading> RateLimits { get; init; } = [];

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsEventStream => ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Whether it says that it is JSON, of whichever kind.</summary>
    public bool IsJson => ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Not what came with it: headers and connection may hold more than anybody may see.</summary>
    public override string ToString() => $"{Status} {ContentType}";

    public void Dispose() => Connection.Dispose();
}
