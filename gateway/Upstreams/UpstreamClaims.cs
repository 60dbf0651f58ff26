using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams;

/// <summary>Decides what one attempt claims of its upstream's limits.</summary>
public static class UpstreamClaims
{
    /// <summary>The limits that bind a model.</summary>
    /// <param name="model">The model's name at the upstream.</param>
    public static IReadOnlyList<BoundLimit> Limits(Upstream upstream, string model) =>
        upstream.Limits.Count is 0
            ? []
            : [.. upstream.Limits.Where(limit => limit.Models.Contains(model)).Select(limit => Bind(limit.Limit))];

    /// <summary>
    /// The limits that count nothing but an upstream's free variants, which it names with <c>:free</c> behind them.
    /// </summary>
    public static IReadOnlyList<BoundLimit> FreeLimits(Upstream upstream) =>
    [
        .. upstream.Limits
            .Where(limit => limit.Models.Patterns.All(name => name.EndsWith(":free", StringComparison.Ordinal)))
            .Select(limit => Bind(limit.Limit)),
    ];

    /// <summary>Names a limit as the ledger counts it. All models of the key that it is for share it.</summary>
    public static BoundLimit Bind(Limit limit) => new($"upstream.{limit.Name}", "*", limit);

    /// <summary>The claims of an attempt that could use so much.</summary>
    public static IReadOnlyList<Claim> Of(Upstream upstream, string model, Quantities used)
    {
        if (upstream.Limits.Count is 0)
        {
            return [];
        }

        var priced = Priced(upstream, model, used);
        return [.. Limits(upstream, model).Select(
            bound => new Claim(bound, Amount(priced.Of(bound.Limit.Unit), bound.Limit.Amount)))];
    }

    /// <summary>An estimate beyond the whole limit takes the whole limit: what it really needs may fit.</summary>
    private static long Amount(long estimate, long limit) =>
        estimate > 0 ? Math.Max(1, Math.Min(estimate, limit)) : 0;

    /// <summary>Adds to quantities what the upstream counts them as in compute units.</summary>
    public static Quantities Priced(Upstream upstream, string model, Quantities used)
    {
        if (upstream.Rates.Count is 0
            || upstream.Rates.FirstOrDefault(rate => rate.Models.Contains(model))?.Rate is not { } rate)
        {
            return used;
        }

        var tokens = (rate.PerInputToken * used.Input) + (rate.PerOutputToken * used.Output);
        return used with { MicroUnits = tokens + (rate.PerRequest * used.Requests) };
    }
}
