namespace Freeway.Gateway.Routing;

/// <summary>The order in which a model's routes are tried: a pure function of what is known of them, what the request wants, and chance.</summary>
public static class RouteOrder
{
    /// <param name="candidates">In the catalogue's order.</param>
    /// <param name="chance">From 0 up to 1, asked for once per route that is chosen by weight.</param>
    public static RoutePlan Of(IReadOnlyList<RouteCandidate> candidates, RoutePreference wish, Func<double> chance)
    {
        var wanted = candidates
            .Select(candidate => candidate.CouldServe && !wish.Allows(candidate.Route.Upstream) ? candidate with { Bar = RouteBar.Unwanted, Until = null } : candidate)
            .ToList();
        var usable = wanted.Where(candidate => candidate.CouldServe).ToList();
        var first = wish.Order.SelectMany(name => usable.Where(candidate => candidate.Route.Upstream.Equals(name, StringComparison.OrdinalIgnoreCase))).Distinct().ToList();
        var rest = usable.Except(first).ToList();
        IEnumerable<RouteCandidate> ordered = [.. first, .. wish.Sort switch
        {
            // What was never seen is tried first: it may be the quickest.
            RouteSort.Latency => rest.OrderBy(candidate => candidate.Latency ?? TimeSpan.Zero),
            RouteSort.Catalogue => rest.Any(candidate => candidate.Route.Weight is not null) ? ByWeight(rest, chance) : rest,
        }];
        if (!wish.AllowFallbacks && wish.Order.Count is 0)
        {
            ordered = ordered.Take(1);
        }

        var chosen = ordered.ToList();
        return new RoutePlan(
            [.. chosen.Where(candidate => candidate.Bar is null).Select(candidate => candidate.Route)],
            [.. chosen.Where(candidate => candidate.Bar is not null), .. wanted.Where(candidate => !candidate.CouldServe)]);
    }

    /// <summary>Drawn one after the other, each by its share of what is still there; one without a weight has 1.</summary>
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
