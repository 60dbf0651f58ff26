using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;
using Freeway.Gateway.Routing.Allowances;

namespace Freeway.Gateway.Routing;

/// <summary>What is known of routes before they are tried: allowance, parking, health and speed of their upstreams' keys. Looking costs no storage operation.</summary>
public sealed class RouteStandings(
    Allowances.Allowances allowances, Parking parking, IUpstreamBreakers breakers, Latencies latencies)
{
    /// <param name="context">The model's own context length.</param>
    /// <param name="estimate">What the request could use at most.</param>
    public RouteCandidate Look(Upstream upstream, ModelRoute route, RouteNeeds needs, int context, Quantities estimate)
    {
        var candidate = new RouteCandidate(route, Latency: latencies.Of(upstream.Place, route.UpstreamModel));
        if (!upstream.Ready)
        {
            return candidate with { Bar = RouteBar.NoKey };
        }

        if (!upstream.Serves(needs.Surface) || !needs.Fits(route, context))
        {
            return candidate with { Bar = RouteBar.Incapable };
        }

        if (parking.Until(upstream.Place, route.UpstreamModel) is { } parked)
        {
            return candidate with { Bar = RouteBar.Parked, Until = parked };
        }

        if (breakers.StateOf(upstream.Place, out var until) is BreakerState.Open && until is not null)
        {
            return candidate with { Bar = RouteBar.Broken, Until = until };
        }

        return allowances.KnownShortage(upstream.Partition, UpstreamTakes.Of(upstream, route.UpstreamModel, estimate)) is { } shortage
            ? candidate with { Bar = RouteBar.NoAllowance, Until = shortage.Until }
            : candidate;
    }

    /// <summary>What is left of a route's limits, as far as this instance knows.</summary>
    public IReadOnlyList<AllowanceStanding> Left(Upstream upstream, ModelRoute route)
    {
        var limits = UpstreamTakes.Limits(upstream, route.UpstreamModel);
        return limits.Count is 0 ? [] : allowances.Standing(upstream.Partition, limits);
    }
}
