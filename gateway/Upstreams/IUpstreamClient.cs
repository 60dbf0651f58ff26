namespace Freeway.Gateway.Upstreams;

/// <summary>Calls upstreams. Outage stance: an upstream out of reach is an expected outcome, not an exception.</summary>
public interface IUpstreamClient
{
    /// <summary>Sends the call and answers as soon as the headers are there; the body is read from the reply.</summary>
    /// <exception cref="UpstreamUnreachableException">No connection, or it broke before any header came.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation);
}
