namespace Freeway.Gateway.Routing;

/// <summary>
/// A circuit breaker per upstream key. Outage stance: it lives in this process; another process finds out by itself.
/// </summary>
public interface IUpstreamBreakers
{
    /// <summary>Makes the call where the key is well, and learns from how it ends.</summary>
    /// <param name="key">Of upstream and key.</param>
    /// <param name="failed">Whether an answer is one of an upstream that is not well.</param>
    /// <exception cref="UpstreamBrokenException">It is not called.</exception>
    Task<T> RunAsync<T>(string key, Func<Task<T>> call, Func<T, bool> failed);

    /// <param name="until">When a call is next let through; null where one is now.</param>
    BreakerState StateOf(string key, out DateTimeOffset? until);
}
