namespace Freeway.Gateway.Policies;

/// <summary>
/// What holds for every limit of a unit: the factor between what is written and what is counted, and how strict it is.
/// </summary>
public static class LimitUnits
{
    /// <summary>How many counted units one written unit is.</summary>
    public static long Scale(this LimitUnit unit) => unit switch
    {
        LimitUnit.NanoDollars => 1_000_000_000,
        LimitUnit.MicroUnits => 1_000_000,
        _ => 1,
    };

    /// <summary>An amount as callers see it: 1,500,000,000 nano-dollars are 1.5.</summary>
    public static decimal Shown(this LimitUnit unit, long amount) => amount / (decimal)unit.Scale();

    /// <summary>True where a settlement may never take more than was held and is left: the caller would see the limit exceeded.</summary>
    public static bool IsStrict(this LimitUnit unit) => unit is LimitUnit.NanoDollars or LimitUnit.Requests or LimitUnit.ConcurrentRequests;
}
