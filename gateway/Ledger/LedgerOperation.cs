namespace Freeway.Gateway.Ledger;

/// <summary>
/// One thing that an org's actor is asked to do. The actor drives it through rounds: <see cref="Judge"/> while in doubt,
/// <see cref="Decide"/>, then <see cref="Committed"/> or back to the start.
/// </summary>
internal abstract class LedgerOperation(RequestKey row)
{
    public RequestKey Row { get; } = row;

    /// <summary>The quota rows that this operation reads or writes.</summary>
    public abstract IReadOnlyList<QuotaKey> Quotas { get; }

    /// <summary>How much of a transaction's body it takes, roughly, in bytes.</summary>
    public virtual int Size => 1024;

    /// <summary>True while an attempt of it may have landed or may still land.</summary>
    public bool InDoubt { get; private set; }

    /// <summary>True once its caller has been answered and nothing is left to hunt.</summary>
    public bool Ended { get; protected set; }

    /// <summary>The attempt's outcome is unknown; these were the quota rows that guarded it.</summary>
    public virtual void Doubt(IReadOnlyDictionary<QuotaKey, SeenQuota> guards) => InDoubt = true;

    /// <summary>Judges the last attempt by the operation's own row, read after the quota rows were.</summary>
    /// <param name="found">The row as it is now, or null.</param>
    /// <param name="quotas">The quota rows as they are now.</param>
    public abstract void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, SeenQuota> quotas);

    /// <summary>Adds this operation's writes to the transaction, or answers its caller without any.</summary>
    public abstract Decided Decide(LedgerDraft draft);

    /// <summary>The transaction is in.</summary>
    /// <param name="etags">Of its writes, in order.</param>
    public abstract void Committed(IReadOnlyList<string?> etags);

    /// <summary>The store will never take it.</summary>
    public abstract void Fail(Exception error);

    protected void Certain() => InDoubt = false;
}
