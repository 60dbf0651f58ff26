namespace Freeway.Gateway.Ledger;

/// <summary>One write of a ledger transaction. A null ETag means "add, must not exist"; any other must still match.</summary>
public abstract record LedgerWrite
{
    public sealed record PutRequest(RequestRow Row) : LedgerWrite;

    public sealed record DeleteRequest(RequestKey Key, string ETag) : LedgerWrite;

    public sealed record PutQuota(QuotaRow Row) : LedgerWrite;

    public sealed record PutRepeat(IdempotencyRow Row) : LedgerWrite;

    public sealed record DeleteRepeat(IdempotencyKey Key, string ETag) : LedgerWrite;

    /// <summary>Adds a purchase; none is ever changed or deleted.</summary>
    public sealed record AddPurchase(Purchase Purchase) : LedgerWrite;
}
