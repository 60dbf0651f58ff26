namespace Freeway.Gateway.Ledger;

/// <summary>When a row that we remember is reason enough to refuse without reading it again.</summary>
internal static class RefusalRule
{
    /// <summary>
    /// Settled use never falls within a window, so it refuses for long; an open reservation may be given back any moment,
    /// so it refuses for a second.
    /// </summary>
    public static bool IsCertain(QuotaState state, long amount, TimeSpan age, LedgerOptions options) =>
        (age <= options.OpenRefusalAge && state.Remaining < amount)
        || (age <= options.SettledRefusalAge && state.Used + amount > state.Amount);
}
