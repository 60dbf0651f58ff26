using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams;

/// <summary>What one attempt takes of its upstream's limits.</summary>
public static class UpstreamClaims
{
    /// <param name="model">As the upstream names it.</param>
    public static IReadOnlyList<BoundLimit> Limits(Upstream upstream, string model) =>
        [.. upstream.Limits.Where(limit => limit.Models.Contains(model)).Select(limit => Bind(limit.Limit))];

    /// <summary>
    /// The limits that count nothing but an upstream's free variants, which it names with <c>:free</c> behind them.
    /// </summary>
    public static IReadOnlyList<BoundLimit> FreeLimits(Upstream upstream) =>
    [
        .. upstream.Limits
            .Where(limit => limit.Models.Patterns.All(name => name.EndsWith(":free", StringComparison.Ordinal)))
            .Select(limit => Bind(limit.Limit)),
    ];

    /// <summary>By the name under which the ledger counts it: all of the key's models share it.</summary>
    public static BoundLimit Bind(Limit limit) => new($"upstream.{limit.Name}", "*", limit);

    public static IReadOnlyList<Claim> Of(Upstream upstream, string model, Quantities used)
    {
        var priced = Priced(upstream, model, used);
        return [.. Limits(upstream, model).Select(bound => new Claim(bound, Amount(priced.Of(bound.Limit.Unit), bound.Limit.Amount)))];
    }

    /// <summary>An estimate beyond the whole limit takes the whole limit: what it really needs may fit.</summary>
    private static long Amount(long estimate, long limit) => estimate > 0 ? Math.Max(1, Math.Min(estimate, limit)) : 0;

    /// <summary>The same with what the upstream itself counts it as in compute units.</summary>
    public static Quantities Priced(Upstream upstream, string model, Quantities used) =>
        upstream.Rates.FirstOrDefault(rate => rate.Models.Contains(model))?.Rate is { } rate
            ? used with { MicroUnits = (rate.PerInputToken * used.Input) + (rate.PerOutputToken * used.Output) + (rate.PerRequest * used.Requests) }
            : used;
}
