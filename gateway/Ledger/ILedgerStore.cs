namespace Freeway.Gateway.Ledger;

/// <summary>
/// The ledger's rows, one partition per org. Reads are strongly consistent.
/// Outage stance: reads throw; a commit never throws but answers <see cref="CommitVerdict.Unknown"/> or
/// <see cref="CommitVerdict.NotSent"/>.
/// No call retries by itself and each ends within a few seconds.
/// </summary>
public interface ILedgerStore
{
    /// <summary>The quota rows of these keys; a missing one comes back as <see cref="QuotaRow.Absent"/>.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation);

    /// <summary>All quota rows of an org, past windows included.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation);

    /// <summary>An instance's request rows with running numbers from <paramref name="first"/> to <paramref name="last"/>, in one range query.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(string org, string instance, long first, long last, CancellationToken cancellation);

    /// <summary>All request rows of an org, of whatever instance.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation);

    /// <summary>The row of an idempotency key, however old; null where there is none.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IdempotencyRow?> FindRepeatAsync(string org, IdempotencyKey key, CancellationToken cancellation);

    /// <summary>The idempotency rows that were written before a moment, without their outcomes.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<IdempotencyRow>> ListRepeatsAsync(string org, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>A purchase by its id; null where there is none.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation);

    /// <summary>All purchases of an org, oldest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation);

    /// <summary>All writes or none: at most 100, each row once.</summary>
    Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation);
}
