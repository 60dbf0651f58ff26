using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>What a row that we remember is worth as a reason to refuse without reading it again.</summary>
internal static class RefusalRule
{
    /// <summary>
    /// The least that is certainly taken: an open reservation may be given back any moment, so it counts for a second; settled
    /// use never falls within a window, so it counts for long. Null where the row is too old to say anything.
    /// </summary>
    public static QuotaState? Certain(Take take, SeenQuota seen, Moment now, LedgerOptions options)
    {
        var state = QuotaState.Of(take.Bound, seen.Row, now.Calendar);
        var age = now.Since(seen.At);
        return age <= options.OpenRefusalAge ? state
            : age <= options.SettledRefusalAge ? state with { Reserved = 0 }
            : null;
    }
}
