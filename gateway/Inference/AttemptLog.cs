using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Models;
using Freeway.Gateway.Telemetry;

namespace Freeway.Gateway.Inference;

/// <summary>The upstreams that were tried for a request, over all models that it may be served by.</summary>
public sealed class AttemptLog
{
    private readonly List<RouteAttempt> _attempts = [];

    /// <summary>In order; the first and the last where there were more than a record tells.</summary>
    public IReadOnlyList<RouteAttempt> All => [.. _attempts];

    /// <param name="reason">Null where its answer is passed on.</param>
    public void Add(ModelRoute route, int? status, TimeSpan time, string? reason)
    {
        UpstreamMetrics.Attempted(route.Upstream, status, reason, time);
        if (_attempts.Count == ActivityBounds.Attempts)
        {
            _attempts.RemoveAt(_attempts.Count - 1);
        }

        _attempts.Add(new RouteAttempt(route.Upstream, route.UpstreamModel, status, (long)time.TotalMilliseconds, reason));
    }
}
