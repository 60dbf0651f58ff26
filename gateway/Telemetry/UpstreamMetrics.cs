using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Telemetry;

/// <summary>How upstreams fare, by their names in the catalogue.</summary>
public static class UpstreamMetrics
{
    private static readonly Counter<long> Attempts =
        Meters.Freeway.CreateCounter<long>("freeway.upstream.attempts", "{attempt}", "Attempts at upstreams, those passed over included, by outcome");

    private static readonly Histogram<double> Duration =
        Meters.Time("freeway.upstream.duration", "From an attempt's beginning to the upstream's headers, or to its failure");

    private static readonly Gauge<int> Breakers =
        Meters.Freeway.CreateGauge<int>("freeway.upstream.breaker", "{state}", "0 closed, 1 half open, 2 open");

    private static readonly Gauge<int> Parked =
        Meters.Freeway.CreateGauge<int>("freeway.upstream.parked", "{model}", "Models that are left alone after a 429; the whole key counts as one");

    /// <param name="status">What it answered; null where it did not.</param>
    /// <param name="reason">Why another is tried or the request failed; null where its answer is passed on.</param>
    public static void Attempted(string upstream, int? status, string? reason, TimeSpan elapsed)
    {
        var tags = new TagList { { "upstream", upstream }, { "outcome", Outcome(status, reason) } };
        Attempts.Add(1, tags);
        if (elapsed > TimeSpan.Zero)
        {
            Duration.Record(elapsed.TotalSeconds, tags);
        }
    }

    public static void Stands(string upstream, int breaker, int parked)
    {
        Breakers.Record(breaker, new KeyValuePair<string, object?>("upstream", upstream));
        Parked.Record(parked, new KeyValuePair<string, object?>("upstream", upstream));
    }

    internal static string Outcome(int? status, string? reason) => reason ?? (status >= 400 ? "rejected" : "ok");
}
