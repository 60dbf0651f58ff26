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

/// <summary>Whether calls to an upstream's key are let through.</summary>
public enum BreakerState
{
    /// <summary>All calls are let through.</summary>
    Closed,

    /// <summary>One call at a time is let through, to find out whether the upstream has recovered.</summary>
    HalfOpen,

    /// <summary>No call is let through for a while: too many have failed of late.</summary>
    Open,
}

/// <summary>When the breaker of an upstream's key opens. A 429 is no failure: it parks the model.</summary>
public sealed class BreakerOptions
{
    /// <summary>Which share of the calls within <see cref="Sampling"/> must have failed. Above 0, at most 1.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls within <see cref="Sampling"/> it takes to judge. At least 2.</summary>
    public int LeastCalls { get; set; } = 10;

    /// <summary>Over how long calls are judged. At least 0.5 s.</summary>
    public TimeSpan Sampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the breaker stays open first; the time doubles with each failed trial. At least 0.5 s.
    /// </summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the breaker stays open at most.</summary>
    public TimeSpan LongestBreak { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Says that an upstream was not called, as its breaker is open.</summary>
public sealed class UpstreamBrokenException(Exception? inner = null)
    : Exception("It failed too often of late and is left alone for a while.", inner);
