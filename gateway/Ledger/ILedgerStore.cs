namespace Freeway.Gateway.Ledger;

/// <summary>
/// Stores the ledger's rows, one partition for each org. Reads are strongly consistent.
/// Outage stance: reads throw; a commit never throws but answers <see cref="CommitVerdict.Unknown"/> or
/// <see cref="CommitVerdict.NotSent"/>.
/// No call retries by itself and each ends within a few seconds.
/// </summary>
public interface ILedgerStore
{
    /// <summary>
    /// Reads the quota rows of these keys; a missing one comes back as <see cref="QuotaRow.Absent"/>.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(
        string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation);

    /// <summary>Reads all quota rows of an org but those of end users, past windows included.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation);

    /// <summary>
    /// Lists the rows of end users that may be deleted, in an order of the store's own.
    /// </summary>
    /// <param name="before">Those that expired before then.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="most">How many at most, 1 to 1000.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation);

    /// <summary>
    /// Reads an instance's request rows with sequence numbers from <paramref name="first"/> to <paramref name="last"/>,
    /// in one range query.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(
        string org, string instance, long first, long last, CancellationToken cancellation);

    /// <summary>Reads all request rows of an org, of whatever instance.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation);

    /// <summary>Reads the row of an idempotency key, however old; null where there is none.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IdempotencyRow?> FindIdempotencyRowAsync(string org, IdempotencyKey key, CancellationToken cancellation);

    /// <summary>Reads the idempotency rows that were written before a moment, without their outcomes.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(
        string org, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Reads a purchase by its id; null where there is none.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation);

    /// <summary>Reads all purchases of an org, oldest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation);

    /// <summary>Commits all writes or none: at most 100, each row once.</summary>
    Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation);
}

/// <summary>
/// Represents one write of a ledger transaction. A null ETag means "add, must not exist"; any other must still match.
/// </summary>
public abstract record LedgerWrite
{
    public sealed record PutRequest(RequestRow Row) : LedgerWrite;

    public sealed record DeleteRequest(RequestKey Key, string ETag) : LedgerWrite;

    public sealed record PutQuota(QuotaRow Row) : LedgerWrite;

    public sealed record DeleteQuota(QuotaKey Key, string ETag) : LedgerWrite;

    public sealed record PutIdempotency(IdempotencyRow Row) : LedgerWrite;

    public sealed record DeleteIdempotency(IdempotencyKey Key, string ETag) : LedgerWrite;

    /// <summary>Adds a purchase; none is ever changed or deleted.</summary>
    public sealed record AddPurchase(Purchase Purchase) : LedgerWrite;
}

/// <summary>Names a row of an end user that may be deleted while it is as it was read.</summary>
public sealed record ExpiredQuota(QuotaKey Key, string ETag);

/// <summary>Says how one transaction ended.</summary>
/// <param name="FailedIndex">The write that failed; null where the store does not name it.</param>
/// <param name="ETags">When committed: the new ETag of each write in order, null for deletes.</param>
public sealed record CommitOutcome(CommitVerdict Verdict, int? FailedIndex, IReadOnlyList<string?> ETags)
{
    public static CommitOutcome Unknown { get; } = new(CommitVerdict.Unknown, null, []);

    public static CommitOutcome NotSent { get; } = new(CommitVerdict.NotSent, null, []);

    public static CommitOutcome Committed(IReadOnlyList<string?> etags) => new(CommitVerdict.Committed, null, etags);

    public static CommitOutcome Conflict(int? index) => new(CommitVerdict.Conflict, index, []);

    public static CommitOutcome Invalid(int? index) => new(CommitVerdict.Invalid, index, []);
}

/// <summary>Says how a transaction ended, as far as the store could tell.</summary>
public enum CommitVerdict
{
    /// <summary>Every write is committed.</summary>
    Committed,

    /// <summary>Another write was first (409, 412, 404); none is committed.</summary>
    Conflict,

    /// <summary>The store will never take the transaction (400, 413); no write is committed.</summary>
    Invalid,

    /// <summary>
    /// The transaction never reached the store, or the store refused the caller as such (401, 403); no write is
    /// committed, nor will be.
    /// </summary>
    NotSent,

    /// <summary>
    /// The outcome is unknown: time-out, broken connection, 408, 429, 5xx. The transaction may still be committed
    /// later.
    /// </summary>
    Unknown,
}
