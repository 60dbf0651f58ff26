namespace Freeway.Gateway.Routing;

/// <summary>When an upstream key that fails is left alone. A 429 is no failure: it is parked.</summary>
public sealed class BreakerOptions
{
    /// <summary>Of the calls of the sampling time, which share must have failed. Above 0, at most 1.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls it takes to judge. At least 2.</summary>
    public int LeastCalls { get; set; } = 10;

    /// <summary>Of which time the calls are looked at. At least 0.5 s.</summary>
    public TimeSpan Sampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it is left alone first; it doubles each time that it is not well again. At least 0.5 s.</summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most of that.</summary>
    public TimeSpan LongestBreak { get; set; } = TimeSpan.FromMinutes(5);
}
