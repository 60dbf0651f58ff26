using System.Diagnostics;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// One thing that an org's actor is asked to do. The actor drives it through rounds: it reads what the operation has to
/// see, then <see cref="Decide"/>, then <see cref="Committed"/> or back to the start.
/// </summary>
internal abstract class LedgerOperation(bool blind = false)
{
    /// <summary>The quota rows that this operation reads or writes; others may share them.</summary>
    public abstract IReadOnlyList<QuotaKey> Quotas { get; }

    /// <summary>
    /// The names of the rows that are its alone: no other operation of the same transaction may write them.
    /// </summary>
    public abstract IReadOnlyList<object> Rows { get; }

    /// <summary>How much of a transaction's body it takes, roughly, in bytes.</summary>
    public virtual int Size => 1024;

    /// <summary>True while an attempt of it may have landed or may still land.</summary>
    public bool InDoubt { get; private set; }

    /// <summary>
    /// True while it has rows of its own, other than a request's, that must be read before it can decide.
    /// </summary>
    public bool Blind { get; protected set; } = blind;

    /// <summary>True once its caller has been answered and nothing is left to hunt.</summary>
    public bool Ended { get; protected set; }

    /// <summary>The request row that it answers for; null where it is about no request.</summary>
    public virtual RequestKey? HeldRow => null;

    /// <summary>The finished row that it may take away for another; null where there is none.</summary>
    public virtual RequestKey? ReplacedRow => null;

    /// <summary>Whether it leaves a finished row whose record nobody waits for.</summary>
    public bool LeavesUnsent { get; init; }

    /// <summary>Whether its caller answers for that row from now on.</summary>
    public virtual bool IsPassedOn => false;

    /// <summary>The trace of whoever asked for it.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Reads those rows.</summary>
    /// <exception cref="IOException">The store is out of reach; it stays blind.</exception>
    public virtual Task SeeAsync(ILedgerStore store, string org, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The attempt's outcome is unknown; these were the quota rows that guarded it.</summary>
    public virtual void Doubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards) => InDoubt = true;

    /// <summary>The last attempt never reached the store.</summary>
    public virtual void NotSent()
    {
    }

    /// <summary>Whether an attempt of it may have landed, or may land yet.</summary>
    public virtual bool MayLand() => !Ended;

    /// <summary>Adds this operation's writes to the transaction, or answers its caller without any.</summary>
    public abstract OperationDecision Decide(LedgerDraft draft);

    /// <summary>The transaction is in.</summary>
    /// <param name="etags">Of its writes, in order.</param>
    public abstract void Committed(IReadOnlyList<string?> etags);

    /// <summary>The store will never take it.</summary>
    public abstract void Fail(Exception error);

    /// <summary>
    /// Something is wrong with the operation itself: its caller is told, and it is not driven any further.
    /// </summary>
    public void Abort(Exception bug)
    {
        Fail(bug);
        Ended = true;
    }

    protected void Certain() => InDoubt = false;
}

/// <summary>An operation on a request's row, and on the idempotency row that may go with it.</summary>
internal abstract class RequestOperation(RequestKey row, IdempotencyKey? once, bool blind = false) : LedgerOperation(blind)
{
    public RequestKey Row => row;

    public override RequestKey? HeldRow => row;

    public override IReadOnlyList<object> Rows { get; } = once is { } key ? [row, key] : [row];

    /// <summary>The idempotency row as it was last seen.</summary>
    protected IdempotencyRow? Seen { get; set; }

    /// <summary>Judges the last attempt by the operation's own row, read after the quota rows were.</summary>
    /// <param name="found">The row as it is now, or null.</param>
    /// <param name="quotas">The quota rows as they are now.</param>
    public abstract void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas);

    public override async Task SeeAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        if (once is { } key)
        {
            Seen = await store.FindRepeatAsync(org, key, cancellation);
        }

        Blind = false;
    }

    public override void Doubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards)
    {
        base.Doubt(guards);
        Blind = once is not null;
    }
}

/// <summary>What became of an operation in one round.</summary>
internal enum OperationDecision
{
    /// <summary>It is answered, and no write is needed.</summary>
    Now,

    /// <summary>It stands or falls with this transaction.</summary>
    WithCommit,

    /// <summary>It has to wait for fresher rows.</summary>
    Later,
}
