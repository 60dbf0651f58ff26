using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>
/// The unit that a limit counts, always in whole numbers; <see cref="LimitUnits"/> says how callers see them.
/// </summary>
public enum LimitUnit
{
    Requests,
    Tokens,
    InputTokens,
    OutputTokens,

    /// <summary>
    /// Millionths of a compute unit, e.g. of a neuron: a rate per million tokens is then a whole number per token.
    /// </summary>
    [WireName("compute_units")]
    MicroUnits,

    /// <summary>Nano-dollars: 1e-9 USD.</summary>
    [WireName("usd")]
    NanoDollars,
    Images,
    Characters,
    Seconds,

    /// <summary>Requests that are under way at the same time; such a limit has no window, its leases expire.</summary>
    ConcurrentRequests,

    /// <summary>
    /// Counters that are begun for end users. Only <see cref="EndUserRows"/> counts them, and no catalogue.
    /// </summary>
    EndUserRows,
}

/// <summary>
/// What holds for every limit of a unit: the factor between what is written and what is counted, and how strict it is.
/// </summary>
public static class LimitUnits
{
    /// <summary>Gives the number of counted units that one written unit is.</summary>
    public static long Scale(this LimitUnit unit) => unit switch
    {
        LimitUnit.NanoDollars => 1_000_000_000,
        LimitUnit.MicroUnits => 1_000_000,
        _ => 1,
    };

    /// <summary>Converts an amount to what callers see: 1,500,000,000 nano-dollars are 1.5.</summary>
    public static decimal Shown(this LimitUnit unit, long amount) => amount / (decimal)unit.Scale();

    /// <summary>
    /// True where a settlement may never take more than was held and is left: the caller would see the limit exceeded.
    /// </summary>
    public static bool IsStrict(this LimitUnit unit) => unit
        is LimitUnit.NanoDollars or LimitUnit.Requests or LimitUnit.ConcurrentRequests or LimitUnit.EndUserRows;

    /// <summary>True where a longer answer takes more: then a ceiling on the output lets more requests through.</summary>
    public static bool CountsOutput(this LimitUnit unit) =>
        unit is LimitUnit.Tokens or LimitUnit.OutputTokens or LimitUnit.MicroUnits or LimitUnit.NanoDollars;

    /// <summary>True where the tokens of the prompt count, so that it is worth counting them before.</summary>
    public static bool CountsPrompt(this LimitUnit unit) =>
        unit is LimitUnit.Tokens or LimitUnit.InputTokens or LimitUnit.MicroUnits;
}
