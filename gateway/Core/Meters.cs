using System.Diagnostics.Metrics;

namespace Freeway.Gateway.Core;

/// <summary>
/// The one meter. Its dimensions are words of ours and names of the operator's catalogue: never an org, a key, or text
/// that a caller or an upstream wrote. What nobody listens to costs a look at a flag.
/// </summary>
public static class Meters
{
    public const string Name = "Freeway";

    /// <summary>In seconds, from a memory refusal to a long stream.</summary>
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    private static readonly double[] Sizes = [1, 2, 5, 10, 20, 35, 50, 75, 100, 200, 500];

    internal static Meter Freeway { get; } = new(Name);

    internal static Histogram<double> Time(string name, string description) =>
        Freeway.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    internal static Histogram<double> Size(string name, string unit, string description) =>
        Freeway.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Sizes });
}
