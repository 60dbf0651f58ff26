using System.Diagnostics;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Represents one thing that an org's partition is asked to do. The partition drives it through rounds:
/// <code>
///   ReadOwnRows ──► Decide ──► Committed                     ended
///        ▲             │
///        │             ├─────► NotSent                       the next round decides again
///        │             └─────► MarkInDoubt ──► Judge         by its own row: ended, or the next round decides again
///        └───────────────────────────────────────┘
/// </code>
/// </summary>
internal abstract class LedgerOperation(bool needsRead = false)
{
    /// <summary>The quota rows that this operation reads or writes; others may share them.</summary>
    public abstract IReadOnlyList<QuotaKey> Quotas { get; }

    /// <summary>The names of the rows that no other operation of the same transaction may write.</summary>
    public abstract IReadOnlyList<object> OwnRows { get; }

    /// <summary>Gets a rough size of the operation's part of a transaction's body, in bytes.</summary>
    public virtual int Size => 1024;

    /// <summary>
    /// Gets whether an attempt of the operation may have been committed, or may be yet, without this process knowing.
    /// </summary>
    public bool InDoubt { get; private set; }

    /// <summary>
    /// Gets or sets whether rows of the operation's own, other than a request's, must be read before it can decide.
    /// </summary>
    public bool NeedsRead { get; protected set; } = needsRead;

    /// <summary>
    /// Gets or sets whether the operation is over: the caller has been answered and no attempt is in doubt.
    /// </summary>
    public bool Ended { get; protected set; }

    /// <summary>The request row that the operation answers for; null where it is about no request.</summary>
    public virtual RequestKey? OwnedRow => null;

    /// <summary>The finished row that the operation may replace by another; null where there is none.</summary>
    public virtual RequestKey? ReplacedRow => null;

    /// <summary>Gets or sets whether the operation leaves a finished row whose record nobody waits to send.</summary>
    public bool LeavesUnsentRecord { get; set; }

    /// <summary>Gets whether the caller answers for <see cref="OwnedRow"/> once the operation has ended.</summary>
    public virtual bool PassesOwnership => false;

    /// <summary>The trace of the caller.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Lists the quota rows of claims or holds. A request makes both lists, so neither has an iterator.</summary>
    protected static IReadOnlyList<QuotaKey> QuotasOf<T>(IReadOnlyList<T> takings, Func<T, QuotaKey> quota)
    {
        var quotas = new QuotaKey[takings.Count];
        for (var index = 0; index < quotas.Length; index++)
        {
            quotas[index] = quota(takings[index]);
        }

        return quotas;
    }

    /// <summary>Reads own rows, other than a request's.</summary>
    /// <exception cref="IOException">The store is out of reach; <see cref="NeedsRead"/> stays true.</exception>
    public virtual Task ReadOwnRowsAsync(ILedgerStore store, string org, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>Notes that the last attempt's outcome is unknown.</summary>
    /// <param name="guards">The quota rows that the attempt was conditional on.</param>
    public virtual void MarkInDoubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards) => InDoubt = true;

    /// <summary>Notes that the last attempt never reached the store.</summary>
    public virtual void NotSent()
    {
    }

    /// <summary>Tells whether an attempt may have been committed, or may be yet.</summary>
    public virtual bool MayLand() => !Ended;

    /// <summary>Adds the operation's writes to the transaction, or answers its caller without any.</summary>
    public abstract OperationDecision Decide(LedgerDraft draft);

    /// <summary>Notes that the transaction is committed.</summary>
    /// <param name="etags">The ETags of the transaction's writes, in order.</param>
    public abstract void Committed(IReadOnlyList<string?> etags);

    /// <summary>Answers the caller with an exception.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Answers the caller with a bug of the operation itself, which is not driven any further.</summary>
    public void Abort(Exception bug)
    {
        Fail(bug);
        Ended = true;
    }

    protected void ClearDoubt() => InDoubt = false;
}

/// <summary>Represents an operation on a request's row, and on the idempotency row that may go with it.</summary>
internal abstract class RequestOperation(RequestKey row, IdempotencyKey? idempotencyKey, bool needsRead = false)
    : LedgerOperation(needsRead)
{
    public RequestKey Row => row;

    public override RequestKey? OwnedRow => row;

    public override IReadOnlyList<object> OwnRows { get; } = idempotencyKey is { } key ? [row, key] : [row];

    /// <summary>The idempotency row as it was last read.</summary>
    protected IdempotencyRow? StoredIdempotency { get; set; }

    /// <summary>Judges the last attempt by the operation's own row, read after the quota rows were.</summary>
    /// <param name="found">The row as it is now; null where it is absent.</param>
    /// <param name="quotas">The quota rows as they are now.</param>
    public abstract void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas);

    public override async Task ReadOwnRowsAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        if (idempotencyKey is { } key)
        {
            StoredIdempotency = await store.FindIdempotencyRowAsync(org, key, cancellation);
        }

        NeedsRead = false;
    }

    public override void MarkInDoubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards)
    {
        base.MarkInDoubt(guards);
        NeedsRead = idempotencyKey is not null;
    }
}

/// <summary>Names what an operation can decide in one round.</summary>
internal enum OperationDecision
{
    /// <summary>The operation is answered, and no write is needed.</summary>
    Now,

    /// <summary>The operation is answered once this transaction has ended.</summary>
    WithCommit,

    /// <summary>The operation has to wait for fresher rows.</summary>
    Later,
}
