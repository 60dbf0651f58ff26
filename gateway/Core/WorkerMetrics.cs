using System.Diagnostics.Metrics;

namespace Freeway.Gateway.Core;

/// <summary>How often background work has failed.</summary>
internal static class WorkerMetrics
{
    private static readonly Counter<long> Failures = Meters.Freeway.CreateCounter<long>(
        "freeway.worker.failures", "{turn}", "Turns of background work that ended with an exception, by worker");

    public static void Failed(string worker) => Failures.Add(1, new KeyValuePair<string, object?>("worker", worker));
}
