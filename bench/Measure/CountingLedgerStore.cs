using Freeway.Gateway.Ledger;

namespace Freeway.Bench.Measure;

/// <summary>Counts what is asked of a ledger's store: reads, transactions, and the entities that those write.</summary>
internal sealed class CountingLedgerStore(ILedgerStore inner) : ILedgerStore
{
    private long _reads;
    private long _transactions;
    private long _writes;

    public LedgerCalls Calls =>
        new(Interlocked.Read(ref _reads), Interlocked.Read(ref _transactions), Interlocked.Read(ref _writes));

    public Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(
        string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation) =>
        Read(() => inner.ReadQuotasAsync(org, keys, cancellation));

    public Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation) =>
        Read(() => inner.ListExpiredAsync(org, before, after, most, cancellation));

    public Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation) =>
        Read(() => inner.ListQuotasAsync(org, cancellation));

    public Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(
        string org, string instance, long first, long last, CancellationToken cancellation) =>
        Read(() => inner.ReadRequestsAsync(org, instance, first, last, cancellation));

    public Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation) =>
        Read(() => inner.ListRequestsAsync(org, cancellation));

    public Task<IdempotencyRow?> FindIdempotencyRowAsync(
        string org, IdempotencyKey key, CancellationToken cancellation) =>
        Read(() => inner.FindIdempotencyRowAsync(org, key, cancellation));

    public Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(
        string org, DateTimeOffset before, CancellationToken cancellation) =>
        Read(() => inner.ListIdempotencyRowsAsync(org, before, cancellation));

    public Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation) =>
        Read(() => inner.FindPurchaseAsync(org, id, cancellation));

    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) =>
        Read(() => inner.ListPurchasesAsync(org, cancellation));

    public Task<CommitOutcome> CommitAsync(
        string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _transactions);
        Interlocked.Add(ref _writes, writes.Count);
        return inner.CommitAsync(org, writes, cancellation);
    }

    private T Read<T>(Func<T> read)
    {
        Interlocked.Increment(ref _reads);
        return read();
    }
}

/// <summary>Says how often a ledger's store was called, and how many entities were written.</summary>
internal readonly record struct LedgerCalls(long Reads, long Transactions, long Writes)
{
    public static LedgerCalls operator -(LedgerCalls later, LedgerCalls earlier) =>
        new(later.Reads - earlier.Reads, later.Transactions - earlier.Transactions, later.Writes - earlier.Writes);
}
