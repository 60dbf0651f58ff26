namespace Freeway.Gateway.Upstreams;

/// <summary>What is sent to an upstream, written while it goes out: it need not be in memory as a whole.</summary>
public interface IUpstreamBody
{
    /// <summary>With its parameters, e.g. a boundary.</summary>
    string ContentType { get; }

    /// <summary>In bytes; null where it shows only as it goes out.</summary>
    long? Length { get; }

    Task WriteAsync(Stream upstream, CancellationToken cancellation);
}
