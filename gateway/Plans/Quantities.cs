namespace Freeway.Gateway.Plans;

/// <summary>
/// The use of one request in every unit that a limit can count: as estimated before it is sent, or as it turned out.
/// </summary>
public sealed record Quantities
{
    /// <summary>1, or 0 where the request does not count.</summary>
    public long Requests { get; init; }

    public long Input { get; init; }

    /// <summary>
    /// Gets how many tokens of <see cref="Input"/> the upstream had in its cache; they may have a price of their own.
    /// </summary>
    public long Cached { get; init; }

    /// <summary>
    /// Gets how many tokens of <see cref="Cached"/> limits and gifts leave out, because the plan gives cached tokens a
    /// lower weight.
    /// </summary>
    public long Uncounted { get; init; }

    public long Output { get; init; }

    public long Tokens => Input + Output;

    public long Images { get; init; }

    public long Characters { get; init; }

    public long Seconds { get; init; }

    /// <summary>Millionths of a compute unit.</summary>
    public long MicroUnits { get; init; }

    /// <summary>Gets the price of the request at the standard rate, whoever pays, in nano-dollars.</summary>
    public long CostNanos { get; init; }

    public long Of(LimitUnit unit) => unit switch
    {
        LimitUnit.Requests => Requests,
        LimitUnit.Tokens => Tokens - Uncounted,
        LimitUnit.InputTokens => Input - Uncounted,
        LimitUnit.OutputTokens => Output,
        LimitUnit.MicroUnits => MicroUnits,
        LimitUnit.NanoDollars => CostNanos,
        LimitUnit.Images => Images,
        LimitUnit.Characters => Characters,
        LimitUnit.Seconds => Seconds,
        LimitUnit.ConcurrentRequests => 1,

        // The ledger alone sees which counters are new.
        LimitUnit.EndUserRows => 0,
    };
}
