using Freeway.Gateway.Upstreams;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>Says what went wrong with a call, in words that hold no address and no key.</summary>
internal static class CallFailure
{
    /// <summary>What to throw instead; null where the failure is another's.</summary>
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
