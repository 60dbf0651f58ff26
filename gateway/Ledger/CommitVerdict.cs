namespace Freeway.Gateway.Ledger;

/// <summary>How a transaction ended, as far as the store could tell.</summary>
public enum CommitVerdict
{
    /// <summary>Every write is in.</summary>
    Committed,

    /// <summary>Another write was first (409, 412, 404); none is in.</summary>
    Conflict,

    /// <summary>The store will never take it (400, 413); none is in.</summary>
    Invalid,

    /// <summary>It never reached the store, or the store refused the caller as such (401, 403); none is in, nor will be.</summary>
    NotSent,

    /// <summary>Nobody knows: time-out, broken connection, 408, 429, 5xx. It may still land later.</summary>
    Unknown,
}
