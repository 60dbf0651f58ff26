namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Breaks the circuit to an upstream's key that keeps failing. Outage stance: the state is this process's own; another
/// process finds out by itself.
/// </summary>
public interface IUpstreamBreakers
{
    /// <summary>Makes the call where the breaker lets it through, and learns from how it ends.</summary>
    /// <param name="failed">Whether an answer is one of an upstream that fails.</param>
    /// <exception cref="UpstreamBrokenException">The breaker is open; no call was made.</exception>
    Task<T> RunAsync<T>(UpstreamEndpointId endpoint, Func<Task<T>> call, Func<T, bool> failed);

    /// <summary>The state of a key's breaker, without a call.</summary>
    /// <param name="until">When a call is next let through; null where one is let through now.</param>
    BreakerState StateOf(UpstreamEndpointId endpoint, out DateTimeOffset? until);
}

/// <summary>Says whether calls to an upstream's key are let through.</summary>
public enum BreakerState
{
    /// <summary>All calls are let through.</summary>
    Closed,

    /// <summary>One call at a time is let through, to find out whether the upstream has recovered.</summary>
    HalfOpen,

    /// <summary>No call is let through for a while: too many have failed of late.</summary>
    Open,
}

/// <summary>
/// Configures when the breaker of an upstream's key opens, and for how long. A 429 is no failure: it parks the model.
/// </summary>
public sealed class BreakerOptions
{
    /// <summary>
    /// The share of the calls within <see cref="Sampling"/> that must have failed. Above 0, at most 1.
    /// </summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>The least number of calls within <see cref="Sampling"/> by which a key is judged. At least 2.</summary>
    public int LeastCalls { get; set; } = 10;

    /// <summary>The time over which calls are judged. At least 0.5 s.</summary>
    public TimeSpan Sampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time that the breaker stays open first; it doubles with each failed trial. At least 0.5 s.
    /// </summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest time that the breaker stays open.</summary>
    public TimeSpan LongestBreak { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Says that an upstream was not called, as its breaker is open.</summary>
public sealed class UpstreamBrokenException(Exception? inner = null)
    : Exception("It failed too often of late and is left alone for a while.", inner);
