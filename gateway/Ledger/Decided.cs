namespace Freeway.Gateway.Ledger;

/// <summary>What became of an operation in one round.</summary>
internal enum Decided
{
    /// <summary>It is answered, and no write is needed.</summary>
    Now,

    /// <summary>It stands or falls with this transaction.</summary>
    WithCommit,

    /// <summary>It has to wait for fresher rows.</summary>
    Later,
}
