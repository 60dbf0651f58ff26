namespace Freeway.Gateway.Upstreams;

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

/// <summary>Whether an upstream key is called.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>One call at a time finds out whether it is well again.</summary>
    HalfOpen,

    /// <summary>It failed too often of late, and is not called for a while.</summary>
    Open,
}

/// <summary>When an upstream key that fails is left alone. A 429 is no failure: it is parked.</summary>
public sealed class BreakerOptions
{
    /// <summary>Of the calls of the sampling time, which share must have failed. Above 0, at most 1.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls it takes to judge. At least 2.</summary>
    public int LeastCalls { get; set; } = 10;

    /// <summary>Of which time the calls are looked at. At least 0.5 s.</summary>
    public TimeSpan Sampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long it is left alone first; it doubles each time that it is not well again. At least 0.5 s.
    /// </summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most of that.</summary>
    public TimeSpan LongestBreak { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>An upstream failed too often of late and was not called.</summary>
public sealed class UpstreamBrokenException(Exception? inner = null) : Exception("It failed too often of late and is left alone for a while.", inner);
