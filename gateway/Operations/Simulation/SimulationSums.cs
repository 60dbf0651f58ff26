using Freeway.Gateway.Core;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>Adds up what became of requests. Free, gifted and paid tokens are never added together.</summary>
public sealed record SimulationSums
{
    /// <summary>Requests that were let through, whatever came of them.</summary>
    public long Admitted { get; init; }

    public long Refused { get; init; }

    /// <summary>Gets the number of tokens of requests that nobody pays for.</summary>
    public long FreeTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long PaidTokens { get; init; }

    /// <summary>Gets the cost of the requests in nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>Gets the cost of the requests in USD, as a decimal.</summary>
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

/// <summary>Adds up what became of an org's requests, model by model.</summary>
internal sealed class SimulationTally
{
    private readonly SortedDictionary<string, (SimulationSums Before, SimulationSums After, Dictionary<string, long> RefusedBy)> _models = new(StringComparer.Ordinal);

    public void Before(string model, SimulationSums more) => Change(model, line => (line.Before.Plus(more), line.After));

    public void After(string model, SimulationSums more) => Change(model, line => (line.Before, line.After.Plus(more)));

    /// <param name="by">The limit, or the code of the refusal.</param>
    public void Refuse(string model, string by, long count)
    {
        After(model, new SimulationSums { Refused = count });
        var refusedBy = _models[model].RefusedBy;
        refusedBy[by] = refusedBy.GetValueOrDefault(by) + count;
    }

    public IEnumerable<SimulationLine> Lines(string org) =>
        _models.Select(line => new SimulationLine(org, line.Key, line.Value.Before, line.Value.After, line.Value.RefusedBy));

    private void Change(string model, Func<(SimulationSums Before, SimulationSums After), (SimulationSums, SimulationSums)> change)
    {
        var (before, after, refusedBy) = _models.TryGetValue(model, out var line) ? line : (new SimulationSums(), new SimulationSums(), []);
        (before, after) = change((before, after));
        _models[model] = (before, after, refusedBy);
    }
}
