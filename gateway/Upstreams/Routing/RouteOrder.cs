using Freeway.Gateway.Models;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// The order in which a model's routes are tried: a pure function of what is known of them, what the request wants, and
/// chance.
/// </summary>
public static class RouteOrder
{
    /// <param name="candidates">In the catalogue's order.</param>
    /// <param name="chance">From 0 up to 1, asked for once per route that is chosen by weight.</param>
    public static RoutePlan Of(IReadOnlyList<RouteCandidate> candidates, RoutePreference preference, Func<double> chance)
    {
        var wanted = candidates
            .Select(candidate => candidate.CouldServe && !preference.Allows(candidate.Route.Upstream) ? candidate with { Bar = RouteExclusion.Unwanted, Until = null } : candidate)
            .ToList();
        var usable = wanted.Where(candidate => candidate.CouldServe).ToList();
        var first = preference.Order.SelectMany(name => usable.Where(candidate => candidate.Route.Upstream.Equals(name, StringComparison.OrdinalIgnoreCase))).Distinct().ToList();
        var rest = usable.Except(first).ToList();
        IEnumerable<RouteCandidate> ordered = [.. first, .. preference.Sort switch
        {
            // What was never seen is tried first: it may be the quickest.
            RouteSort.Latency => rest.OrderBy(candidate => candidate.Latency ?? TimeSpan.Zero),
            RouteSort.Catalogue => rest.Any(candidate => candidate.Route.Weight is not null) ? ByWeight(rest, chance) : rest,
        }];
        if (!preference.AllowFallbacks && preference.Order.Count is 0)
        {
            ordered = ordered.Take(1);
        }

        var chosen = ordered.ToList();
        return new RoutePlan(
            [.. chosen.Where(candidate => candidate.Bar is null).Select(candidate => candidate.Route)],
            [.. chosen.Where(candidate => candidate.Bar is not null), .. wanted.Where(candidate => !candidate.CouldServe)]);
    }

    /// <summary>
    /// Drawn one after the other, each by its share of what is still there; one without a weight has 1.
    /// </summary>
    private static IEnumerable<RouteCandidate> ByWeight(List<RouteCandidate> candidates, Func<double> chance)
    {
        var left = candidates.ToList();
        while (left.Count > 0)
        {
            var point = chance() * left.Sum(Weight);
            var index = 0;
            while (index < left.Count - 1 && (point -= Weight(left[index])) >= 0)
            {
                index++;
            }

            yield return left[index];
            left.RemoveAt(index);
        }
    }

    private static double Weight(RouteCandidate candidate) => candidate.Route.Weight ?? 1;
}

/// <summary>Where a request goes, and where next if that fails.</summary>
/// <param name="Ways">In the order in which they are tried.</param>
/// <param name="Barred">What is not tried, and why.</param>
public sealed record RoutePlan(IReadOnlyList<ModelRoute> Ways, IReadOnlyList<RouteCandidate> Barred)
{
    /// <summary>
    /// When the first of those that could serve the request may be tried again; null where waiting does not help.
    /// </summary>
    public DateTimeOffset? Soonest => Barred.Where(barred => barred.CouldServe).Min(barred => barred.Until);
}

/// <summary>A route of a model, and whether it can be taken now.</summary>
/// <param name="Bar">Null where it can.</param>
/// <param name="Until">When a bar falls that falls by itself.</param>
/// <param name="Latency">To the first byte, as seen of late; null where nothing was seen.</param>
public sealed record RouteCandidate(ModelRoute Route, RouteExclusion? Bar = null, DateTimeOffset? Until = null, TimeSpan? Latency = null)
{
    /// <summary>False where waiting does not help.</summary>
    public bool CouldServe => Bar is null or RouteExclusion.NoAllowance or RouteExclusion.Parked or RouteExclusion.Broken;
}

/// <summary>Why a route is not taken.</summary>
public enum RouteExclusion
{
    /// <summary>The setting with its upstream's key is missing.</summary>
    NoKey,

    /// <summary>It cannot do what the request needs.</summary>
    Incapable,

    /// <summary>The request does not want it.</summary>
    Unwanted,

    /// <summary>Its upstream's limits have too little left.</summary>
    NoAllowance,

    /// <summary>Its upstream said 429 and is left alone.</summary>
    Parked,

    /// <summary>Its upstream failed too often and is left alone.</summary>
    Broken,
}
