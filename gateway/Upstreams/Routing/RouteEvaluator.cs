using System.Collections.Concurrent;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// Judges routes before they are tried, by what is known of their upstreams' keys: quota, parking, health and speed. It
/// costs no storage operation.
/// </summary>
public sealed class RouteEvaluator(
    QuotaLeases leases, Parking parking, IUpstreamBreakers breakers, Latencies latencies)
{
    /// <summary>Says whether a route can be tried now, and if not, why and until when.</summary>
    /// <param name="context">The model's own context length.</param>
    /// <param name="estimate">What the request could use at most.</param>
    public RouteCandidate Evaluate(
        Upstream upstream, ModelRoute route, RouteRequirements needs, int context, Quantities estimate)
    {
        var candidate = new RouteCandidate(route, Latency: latencies.Of(upstream.EndpointId, route.UpstreamModel));
        if (!upstream.Ready)
        {
            return candidate with { Exclusion = RouteExclusion.NoKey };
        }

        if (!upstream.Serves(needs.Surface) || !needs.Fits(route, context))
        {
            return candidate with { Exclusion = RouteExclusion.Incapable };
        }

        if (parking.Until(upstream.EndpointId, route.UpstreamModel) is { } parked)
        {
            return candidate with { Exclusion = RouteExclusion.Parked, Until = parked };
        }

        if (breakers.StateOf(upstream.EndpointId, out var until) is BreakerState.Open && until is not null)
        {
            return candidate with { Exclusion = RouteExclusion.Broken, Until = until };
        }

        var claims = UpstreamClaims.Of(upstream, route.UpstreamModel, estimate);
        return leases.KnownShortage(upstream.KeyId, claims) is { } shortage
            ? candidate with { Exclusion = RouteExclusion.NoAllowance, Until = shortage.Until }
            : candidate;
    }

    /// <summary>Reports what is left of a route's limits, as far as this instance knows.</summary>
    public IReadOnlyList<QuotaLeaseStatus> StatusOf(Upstream upstream, ModelRoute route)
    {
        var limits = UpstreamClaims.Limits(upstream, route.UpstreamModel);
        return limits.Count is 0 ? [] : leases.StatusOf(upstream.KeyId, limits);
    }
}

/// <summary>Describes what a request needs of a route.</summary>
/// <param name="ContextTokens">
/// Prompt and completion together, as estimated; 0 where the surface has no context.
/// </param>
public sealed record RouteRequirements(Surface Surface, bool Tools, bool Vision, long ContextTokens)
{
    /// <param name="context">The model's own context length.</param>
    public bool Fits(ModelRoute route, int context)
    {
        var hasAbilities = (route.Tools || !Tools) && (route.Vision || !Vision);
        return hasAbilities && (route.ContextLength is not { } length || Math.Min(ContextTokens, context) <= length);
    }
}

/// <summary>
/// Remembers how quickly each upstream key's models began to answer of late, as this instance saw it.
/// </summary>
public sealed class Latencies
{
    private const double Weight = 0.2;
    private readonly ConcurrentDictionary<(UpstreamEndpointId Endpoint, string Model), TimeSpan> _averages = [];

    /// <summary>Adds one observation to the moving average.</summary>
    public void Record(UpstreamEndpointId endpoint, string model, TimeSpan firstByte) => _averages.AddOrUpdate(
        (endpoint, model), firstByte, (_, before) => (before * (1 - Weight)) + (firstByte * Weight));

    /// <summary>The moving average to the first byte; null where nothing was observed yet.</summary>
    public TimeSpan? Of(UpstreamEndpointId endpoint, string model) =>
        _averages.TryGetValue((endpoint, model), out var average) ? average : null;
}
