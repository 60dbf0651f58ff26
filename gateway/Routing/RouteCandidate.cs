using Freeway.Gateway.Models;

namespace Freeway.Gateway.Routing;

/// <summary>A route of a model, and whether it can be taken now.</summary>
/// <param name="Bar">Null where it can.</param>
/// <param name="Until">When a bar falls that falls by itself.</param>
/// <param name="Latency">To the first byte, as seen of late; null where nothing was seen.</param>
public sealed record RouteCandidate(ModelRoute Route, RouteBar? Bar = null, DateTimeOffset? Until = null, TimeSpan? Latency = null)
{
    /// <summary>False where waiting does not help.</summary>
    public bool CouldServe => Bar is null or RouteBar.NoAllowance or RouteBar.Parked or RouteBar.Broken;
}
