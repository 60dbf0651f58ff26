using Freeway.Gateway.Models;

namespace Freeway.Gateway.Simulation;

/// <summary>What became of requests, in sums. Free, gifted and paid tokens are never added together.</summary>
public sealed record SimulationSums
{
    /// <summary>Requests that were let through, whatever came of them.</summary>
    public long Admitted { get; init; }

    public long Refused { get; init; }

    /// <summary>Of requests that nobody pays for.</summary>
    public long FreeTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long PaidTokens { get; init; }

    /// <summary>In nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>The same as decimal USD.</summary>
    public string CostUsd => Money.Format(CostNanos);

    public SimulationSums Plus(SimulationSums more) => new()
    {
        Admitted = Admitted + more.Admitted,
        Refused = Refused + more.Refused,
        FreeTokens = FreeTokens + more.FreeTokens,
        GiftedTokens = GiftedTokens + more.GiftedTokens,
        PaidTokens = PaidTokens + more.PaidTokens,
        CostNanos = CostNanos + more.CostNanos,
    };

    /// <summary>One request that was admitted.</summary>
    /// <param name="tier"><c>free</c>, <c>gift</c> or <c>paid</c>.</param>
    /// <param name="gifted">Tokens that nobody pays for.</param>
    /// <param name="billed">Tokens that are paid.</param>
    public static SimulationSums Of(string tier, long gifted, long billed, long costNanos) => new()
    {
        Admitted = 1,
        FreeTokens = tier is "free" ? gifted : 0,
        GiftedTokens = tier is "free" ? 0 : gifted,
        PaidTokens = billed,
        CostNanos = costNanos,
    };
}
