namespace Freeway.Gateway.Ledger;

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
    public abstract void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, SeenQuota> quotas);

    public override async Task SeeAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        if (once is { } key)
        {
            Seen = await store.FindRepeatAsync(org, key, cancellation);
        }

        Blind = false;
    }

    public override void Doubt(IReadOnlyDictionary<QuotaKey, SeenQuota> guards)
    {
        base.Doubt(guards);
        Blind = once is not null;
    }
}
