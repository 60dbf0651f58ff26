using Freeway.Gateway.Models;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// Orders a model's routes: a pure function of what is known of them, what the request prefers, and chance.
/// </summary>
public static class RouteOrder
{
    /// <param name="candidates">In the catalogue's order.</param>
    /// <param name="chance">From 0 up to 1, drawn once for each route that is chosen by weight.</param>
    public static RoutePlan Of(
        IReadOnlyList<RouteCandidate> candidates, RoutePreference preference, Func<double> chance)
    {
        // 0. Most requests prefer nothing, and most models have one route: there is nothing to order.
        if (candidates is [var only] && ReferenceEquals(preference, RoutePreference.None))
        {
            return only.Exclusion is null ? new RoutePlan([only.Route], []) : new RoutePlan([], [only]);
        }

        // 1. What the request excludes is excluded, whether or not it could be called now.
        var wanted = candidates
            .Select(candidate => candidate.CouldServe && !preference.Allows(candidate.Route.Upstream)
                ? candidate with { Exclusion = RouteExclusion.Unwanted, Until = null }
                : candidate)
            .ToList();

        // 2. Upstreams that the request names come first, in its order.
        var usable = wanted.Where(candidate => candidate.CouldServe).ToList();
        var named = preference.Order.SelectMany(name => usable.Where(candidate => IsOf(candidate, name)));
        var first = named.Distinct().ToList();

        // 3. The rest follows as the request wants it sorted, else as the catalogue has it.
        var rest = usable.Except(first).ToList();
        List<RouteCandidate> ordered = [.. first, .. Sort(rest, preference.Sort, chance)];
        if (!preference.AllowFallbacks && preference.Order.Count is 0)
        {
            ordered = [.. ordered.Take(1)];
        }

        // 4. What cannot be called now is set aside only here: it may be the one whose return a caller is told to wait
        // for.
        var (callable, waiting) = (ordered.Where(IsCallable), ordered.Where(candidate => !IsCallable(candidate)));
        var useless = wanted.Where(candidate => !candidate.CouldServe);
        return new RoutePlan([.. callable.Select(candidate => candidate.Route)], [.. waiting, .. useless]);
    }

    private static bool IsOf(RouteCandidate candidate, string upstream) =>
        candidate.Route.Upstream.Equals(upstream, StringComparison.OrdinalIgnoreCase);

    private static bool IsCallable(RouteCandidate candidate) => candidate.Exclusion is null;

    private static IEnumerable<RouteCandidate> Sort(List<RouteCandidate> routes, RouteSort sort, Func<double> chance)
    {
        var hasWeights = routes.Any(candidate => candidate.Route.Weight is not null);
        return sort switch
        {
            // What was never observed is tried first: it may be the quickest.
            RouteSort.Latency => routes.OrderBy(candidate => candidate.Latency ?? TimeSpan.Zero),
            RouteSort.Catalogue when hasWeights => ByWeight(routes, chance),
            RouteSort.Catalogue => routes,
        };
    }

    /// <summary>
    /// Draws one route after the other, each by its share of what is left. A route without a weight has 1.
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

/// <summary>
/// Lists the routes that a request tries, one after the other while they fail, and those that it does not try.
/// </summary>
/// <param name="Routes">In the order in which they are tried.</param>
/// <param name="Excluded">The routes that are not tried, and why.</param>
public sealed record RoutePlan(IReadOnlyList<ModelRoute> Routes, IReadOnlyList<RouteCandidate> Excluded)
{
    /// <summary>
    /// Gets the moment at which the first of the routes that could serve the request may be tried again; null where
    /// waiting does not help.
    /// </summary>
    public DateTimeOffset? Soonest =>
        Excluded.Where(candidate => candidate.CouldServe).Min(candidate => candidate.Until);
}

/// <summary>A route of a model, and whether it can be tried now.</summary>
/// <param name="Exclusion">Null where it can be tried.</param>
/// <param name="Until">When an exclusion ends that ends by itself.</param>
/// <param name="Latency">The time to the first byte of late; null where nothing was observed.</param>
public sealed record RouteCandidate(
    ModelRoute Route, RouteExclusion? Exclusion = null, DateTimeOffset? Until = null, TimeSpan? Latency = null)
{
    /// <summary>Gets whether the route could serve the request now or after a wait.</summary>
    public bool CouldServe =>
        Exclusion is null or RouteExclusion.NoAllowance or RouteExclusion.Parked or RouteExclusion.Broken;
}

/// <summary>Names the reasons for which a route is not tried.</summary>
public enum RouteExclusion
{
    /// <summary>The setting with its upstream's key is missing.</summary>
    NoKey,

    /// <summary>The route cannot do what the request needs.</summary>
    Incapable,

    /// <summary>The request does not want the route.</summary>
    Unwanted,

    /// <summary>The upstream's limits have too little left.</summary>
    NoAllowance,

    /// <summary>The upstream answered 429, and the model is parked.</summary>
    Parked,

    /// <summary>The upstream failed too often, and its breaker is open.</summary>
    Broken,
}
