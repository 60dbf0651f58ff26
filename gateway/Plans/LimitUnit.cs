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
/// Gives the properties of each unit: the factor between what is written and what is counted, and how strict its limits
/// are.
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
    /// Tells whether a settlement must stay within what was held and what is left, because the caller would see the
    /// limit exceeded.
    /// </summary>
    public static bool IsStrict(this LimitUnit unit) => unit
        is LimitUnit.NanoDollars or LimitUnit.Requests or LimitUnit.ConcurrentRequests or LimitUnit.EndUserRows;

    /// <summary>
    /// Tells whether a longer answer takes more of the unit, so that a ceiling on the output lets more requests
    /// through.
    /// </summary>
    public static bool CountsOutput(this LimitUnit unit) =>
        unit is LimitUnit.Tokens or LimitUnit.OutputTokens or LimitUnit.MicroUnits or LimitUnit.NanoDollars;

    /// <summary>
    /// Tells whether the tokens of the prompt count in the unit, so that it pays to count them before the request is
    /// sent.
    /// </summary>
    public static bool CountsPrompt(this LimitUnit unit) =>
        unit is LimitUnit.Tokens or LimitUnit.InputTokens or LimitUnit.MicroUnits;
}
