using System.Diagnostics;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Telemetry;

/// <summary>What is remembered between requests, and how often that saves a look at the store.</summary>
public static class CacheMetrics
{
    private static readonly Counter<long> Lookups =
        Meters.Freeway.CreateCounter<long>("freeway.cache.lookups", "{lookup}", "Look-ups, by cache and result");

    /// <param name="cache">E.g. <c>keys</c>.</param>
    /// <param name="hit">Whether the store was spared.</param>
    public static void Looked(string cache, bool hit) =>
        Lookups.Add(1, new TagList { { "cache", cache }, { "result", hit ? "hit" : "miss" } });
}
