using System.Collections.Concurrent;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// What is known of routes before they are tried: allowance, parking, health and speed of their upstreams' keys.
/// Looking costs no storage operation.
/// </summary>
public sealed class RouteEvaluator(
    QuotaLeases allowances, Parking parking, IUpstreamBreakers breakers, Latencies latencies)
{
    /// <param name="context">The model's own context length.</param>
    /// <param name="estimate">What the request could use at most.</param>
    public RouteCandidate Look(Upstream upstream, ModelRoute route, RouteRequirements needs, int context, Quantities estimate)
    {
        var candidate = new RouteCandidate(route, Latency: latencies.Of(upstream.Place, route.UpstreamModel));
        if (!upstream.Ready)
        {
            return candidate with { Bar = RouteExclusion.NoKey };
        }

        if (!upstream.Serves(needs.Surface) || !needs.Fits(route, context))
        {
            return candidate with { Bar = RouteExclusion.Incapable };
        }

        if (parking.Until(upstream.Place, route.UpstreamModel) is { } parked)
        {
            return candidate with { Bar = RouteExclusion.Parked, Until = parked };
        }

        if (breakers.StateOf(upstream.Place, out var until) is BreakerState.Open && until is not null)
        {
            return candidate with { Bar = RouteExclusion.Broken, Until = until };
        }

        return allowances.KnownShortage(upstream.Partition, UpstreamClaims.Of(upstream, route.UpstreamModel, estimate)) is { } shortage
            ? candidate with { Bar = RouteExclusion.NoAllowance, Until = shortage.Until }
            : candidate;
    }

    /// <summary>What is left of a route's limits, as far as this instance knows.</summary>
    public IReadOnlyList<QuotaLeaseStatus> Left(Upstream upstream, ModelRoute route)
    {
        var limits = UpstreamClaims.Limits(upstream, route.UpstreamModel);
        return limits.Count is 0 ? [] : allowances.Standing(upstream.Partition, limits);
    }
}

/// <summary>What a request needs of a route.</summary>
/// <param name="ContextTokens">Prompt and completion together, as estimated; 0 where the surface has no
///     context.</param>
public sealed record RouteRequirements(Surface Surface, bool Tools, bool Vision, long ContextTokens)
{
    /// <param name="context">The model's own.</param>
    public bool Fits(ModelRoute route, int context) =>
        (route.Tools || !Tools) && (route.Vision || !Vision) && (route.ContextLength is not { } length || Math.Min(ContextTokens, context) <= length);
}

/// <summary>How quickly each upstream key's models began to answer of late, as this instance saw it.</summary>
public sealed class Latencies
{
    private const double Weight = 0.2;
    private readonly ConcurrentDictionary<(string Key, string Model), TimeSpan> _seen = [];

    public void Saw(string key, string model, TimeSpan firstByte) =>
        _seen.AddOrUpdate((key, model), firstByte, (_, before) => (before * (1 - Weight)) + (firstByte * Weight));

    /// <summary>Null where nothing was seen yet.</summary>
    public TimeSpan? Of(string key, string model) => _seen.TryGetValue((key, model), out var seen) ? seen : null;
}
