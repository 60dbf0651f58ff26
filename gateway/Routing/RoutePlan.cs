using Freeway.Gateway.Models;

namespace Freeway.Gateway.Routing;

/// <summary>Where a request goes, and where next if that fails.</summary>
/// <param name="Ways">In the order in which they are tried.</param>
/// <param name="Barred">What is not tried, and why.</param>
public sealed record RoutePlan(IReadOnlyList<ModelRoute> Ways, IReadOnlyList<RouteCandidate> Barred)
{
    /// <summary>When the first of those that could serve the request may be tried again; null where waiting does not help.</summary>
    public DateTimeOffset? Soonest => Barred.Where(barred => barred.CouldServe).Min(barred => barred.Until);
}
