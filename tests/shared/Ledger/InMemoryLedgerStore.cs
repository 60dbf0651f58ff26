using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// A ledger store that keeps the rules of Table Storage: one moment per transaction, all writes or none, a new ETag for
/// every write, the index of the first write that fails, 100 writes at most and each row once. It never fails by
/// itself.
/// </summary>
public sealed class InMemoryLedgerStore : ILedgerStore
{
    private const int MostWrites = 100;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Org, QuotaKey Key), QuotaRow> _quotas = [];
    private readonly Dictionary<(string Org, RequestKey Key), RequestRow> _requests = [];
    private readonly Dictionary<(string Org, IdempotencyKey Key), IdempotencyRow> _repeats = [];
    private readonly Dictionary<(string Org, string Id), Purchase> _purchases = [];
    private long _etags;
    private int _transactions;
    private int _reads;

    /// <summary>Called within each transaction that has landed, before anybody can see it.</summary>
    public Action<string, IReadOnlyList<LedgerWrite>>? Landed { get; set; }

    /// <summary>How many transactions were asked for, landed or not.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The most writes that one transaction had.</summary>
    public int MostRows { get; private set; }

    public Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<QuotaRow>>([.. keys.Select(key => _quotas.GetValueOrDefault((org, key)) ?? QuotaRow.Absent(key))]);
        }
    }

    public Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<QuotaRow>>([.. _quotas.Where(pair => pair.Key.Org == org && !pair.Key.Key.IsOfEndUser).Select(pair => pair.Value)]);
        }
    }

    public Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ExpiredQuota>>([.. _quotas
                .Where(pair => pair.Key.Org == org && pair.Value.ExpiresAt < before)
                .OrderBy(pair => Place(pair.Key.Key), StringComparer.Ordinal)
                .Where(pair => after is not { } last || string.CompareOrdinal(Place(pair.Key.Key), Place(last)) > 0)
                .Take(most)
                .Select(pair => new ExpiredQuota(pair.Key.Key, pair.Value.ETag!))]);
        }

        static string Place(QuotaKey key) => $"{key.Source}|{key.Subject}";
    }

    public Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(string org, string instance, long first, long last, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RequestRow>>([.. _requests
                .Where(pair => pair.Key.Org == org && pair.Key.Key.Instance == instance && pair.Key.Key.Sequence >= first && pair.Key.Key.Sequence <= last)
                .Select(pair => pair.Value).OrderBy(row => row.Key.Sequence)]);
        }
    }

    public Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(Requests(org));
    }

    public Task<IdempotencyRow?> FindIdempotencyRowAsync(string org, IdempotencyKey key, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(Repeat(org, key));
    }

    public Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(string org, DateTimeOffset before, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<IdempotencyRow>>(
                [.. _repeats.Where(pair => pair.Key.Org == org && pair.Value.At < before).Select(pair => pair.Value with { Outcome = null })]);
        }
    }

    public Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult(_purchases.GetValueOrDefault((org, id)));
        }
    }

    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Purchase>>(
                [.. _purchases.Where(pair => pair.Key.Item1 == org).Select(pair => pair.Value).OrderBy(purchase => purchase.At)]);
        }
    }

    public Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _transactions);
        lock (_gate)
        {
            MostRows = Math.Max(MostRows, writes.Count);
            return Task.FromResult(Commit(org, writes));
        }
    }

    /// <summary>Every request row of an org, whoever wrote it.</summary>
    public IReadOnlyList<RequestRow> Requests(string org)
    {
        lock (_gate)
        {
            return [.. _requests.Where(pair => pair.Key.Org == org).Select(pair => pair.Value)];
        }
    }

    /// <summary>Every quota row of an org, those of end users included.</summary>
    public IReadOnlyList<QuotaRow> Quotas(string org)
    {
        lock (_gate)
        {
            return [.. _quotas.Where(pair => pair.Key.Org == org).Select(pair => pair.Value)];
        }
    }

    /// <summary>A quota row, or null.</summary>
    public QuotaRow? Quota(string org, QuotaKey key)
    {
        lock (_gate)
        {
            return _quotas.GetValueOrDefault((org, key));
        }
    }

    /// <summary>An idempotency row, or null.</summary>
    public IdempotencyRow? Repeat(string org, IdempotencyKey key)
    {
        lock (_gate)
        {
            return _repeats.GetValueOrDefault((org, key));
        }
    }

    /// <summary>Keeps what is stored at this moment, to put it back later.</summary>
    public Action Snapshot() => MemorySnapshot.Under(_gate, () =>
        MemorySnapshot.Of(_quotas) + MemorySnapshot.Of(_requests)
        + MemorySnapshot.Of(_repeats) + MemorySnapshot.Of(_purchases));

    private CommitOutcome Commit(string org, IReadOnlyList<LedgerWrite> writes)
    {
        if (writes.Count is 0)
        {
            throw new InvalidOperationException("A transaction needs a write.");
        }

        var seen = new HashSet<object>();
        for (var index = 0; index < writes.Count; index++)
        {
            if (index >= MostWrites || !seen.Add(Name(writes[index])))
            {
                return CommitOutcome.Invalid(index);
            }
        }

        if (writes.Sum(Size) > MostBytes)
        {
            return CommitOutcome.Invalid(null);
        }

        for (var index = 0; index < writes.Count; index++)
        {
            if (!Fits(org, writes[index]))
            {
                return CommitOutcome.Conflict(index);
            }
        }

        var etags = writes.Select(write => Apply(org, write)).ToList();
        Landed?.Invoke(org, writes);
        return CommitOutcome.Committed(etags);
    }

    private static long Size(LedgerWrite write) => 512L + write switch
    {
        LedgerWrite.PutRequest put => put.Row.Record.Length,
        LedgerWrite.PutIdempotency { Row.Outcome.Body.Length: var length } => length * 4L / 3,
        _ => 0,
    };

    private bool Fits(string org, LedgerWrite write) => write switch
    {
        LedgerWrite.PutQuota put => _quotas.GetValueOrDefault((org, put.Row.Key))?.ETag == put.Row.ETag,
        LedgerWrite.PutRequest put => _requests.GetValueOrDefault((org, put.Row.Key))?.ETag == put.Row.ETag,
        LedgerWrite.DeleteRequest delete => _requests.GetValueOrDefault((org, delete.Key)) is { } row && row.ETag == delete.ETag,
        LedgerWrite.DeleteQuota delete => _quotas.GetValueOrDefault((org, delete.Key)) is { } row && row.ETag == delete.ETag,
        LedgerWrite.PutIdempotency put => _repeats.GetValueOrDefault((org, put.Row.Key))?.ETag == put.Row.ETag,
        LedgerWrite.DeleteIdempotency delete => _repeats.GetValueOrDefault((org, delete.Key)) is { } row && row.ETag == delete.ETag,
        LedgerWrite.AddPurchase add => !_purchases.ContainsKey((org, add.Purchase.Id)),
        _ => throw new InvalidOperationException("An unknown write."),
    };

    private string? Apply(string org, LedgerWrite write)
    {
        var etag = $"W/\"{++_etags}\"";
        switch (write)
        {
            case LedgerWrite.PutQuota put:
                _quotas[(org, put.Row.Key)] = put.Row with { ETag = etag };
                return etag;
            case LedgerWrite.PutRequest put:
                _requests[(org, put.Row.Key)] = put.Row with { ETag = etag, Record = put.Row.Record.ToArray() };
                return etag;
            case LedgerWrite.DeleteRequest delete:
                _requests.Remove((org, delete.Key));
                return null;
            case LedgerWrite.DeleteQuota delete:
                _quotas.Remove((org, delete.Key));
                return null;
            case LedgerWrite.PutIdempotency put:
                _repeats[(org, put.Row.Key)] = put.Row with { ETag = etag };
                return etag;
            case LedgerWrite.DeleteIdempotency delete:
                _repeats.Remove((org, delete.Key));
                return null;
            case LedgerWrite.AddPurchase add:
                _purchases[(org, add.Purchase.Id)] = add.Purchase;
                return etag;
            default:
                throw new InvalidOperationException("An unknown write.");
        }
    }

    private static object Name(LedgerWrite write) => write switch
    {
        LedgerWrite.PutQuota put => put.Row.Key,
        LedgerWrite.PutRequest put => put.Row.Key,
        LedgerWrite.DeleteRequest delete => delete.Key,
        LedgerWrite.DeleteQuota delete => delete.Key,
        LedgerWrite.PutIdempotency put => put.Row.Key,
        LedgerWrite.DeleteIdempotency delete => delete.Key,
        LedgerWrite.AddPurchase add => add.Purchase.Id,
        _ => throw new InvalidOperationException("An unknown write."),
    };
}
