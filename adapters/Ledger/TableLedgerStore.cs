using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Ledger;

namespace Freeway.Adapters.Ledger;

/// <summary>
/// The ledger on Table Storage. One attempt each, three seconds at most: who judges outcomes must not be helped by
/// hidden retries.
/// </summary>
public sealed class TableLedgerStore(StorageAccount storage) : ILedgerStore
{
    /// <summary>The service's bound on a transaction; the emulator does not hold one to it.</summary>
    private const int MostWrites = 100;

    /// <summary>The number of keys from which on one range query costs less than reading row by row.</summary>
    private const int FewKeys = 4;

    /// <summary>So many rows of end users are read at once: a range would hold those of all others.</summary>
    private const int ReadsAtOnce = 16;

    private static readonly string[] OnlyKey = ["RowKey"];

    public Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var ofEndUsers = keys.Where(key => key.IsOfEndUser).ToList();
            var others = ofEndUsers.Count is 0 ? keys : [.. keys.Where(key => !key.IsOfEndUser)];
            var found = new List<QuotaRow?>();
            foreach (var some in ofEndUsers.Chunk(ReadsAtOnce))
            {
                found.AddRange(await FindAllAsync(some));
            }

            found.AddRange(others.Count <= FewKeys
                ? (IEnumerable<QuotaRow?>)await FindAllAsync(others)
                : await QuotasAsync(
                    table, org, others.Min(LedgerKeys.Row)!, others.Max(LedgerKeys.Row)! + '~', cancellation));
            var byKey = found.OfType<QuotaRow>().ToDictionary(row => row.Key);
            return (IReadOnlyList<QuotaRow>)[.. keys.Select(key => byKey.GetValueOrDefault(key) ?? QuotaRow.Absent(key))];

            Task<QuotaRow?[]> FindAllAsync(IEnumerable<QuotaKey> some) => Task.WhenAll(
                some.Select(key => FindAsync(table, org, LedgerKeys.Row(key), LedgerEntities.Quota, cancellation)));
        });

    public Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation) =>
        ReadAsync(cancellation, table => QuotasAsync(table, org, LedgerKeys.FirstQuota, LedgerKeys.AfterQuotas, cancellation));

    public Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var from = after is { } last ? LedgerKeys.Row(last) : LedgerKeys.FirstEndUser;
            var (partition, until) = (LedgerKeys.Partition(org), LedgerKeys.AfterEndUsers);
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {until} and ExpiresAt lt {before}");
            return (IReadOnlyList<ExpiredQuota>)await table
                .QueryAsync<TableEntity>(filter, most, OnlyKey, cancellation)
                .Take(most)
                .Select(row => new ExpiredQuota(LedgerKeys.Quota(row.RowKey), row.ETag.ToString()))
                .ToListAsync(cancellation);
        });

    public Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(string org, string instance, long first, long last, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var (from, until) = (LedgerKeys.Row(instance, first), LedgerKeys.Row(instance, last));
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LedgerKeys.Partition(org)} and RowKey ge {from} and RowKey le {until}");
            return (IReadOnlyList<RequestRow>)await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                .Select(LedgerEntities.Request).ToListAsync(cancellation);
        });

    public Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var (from, until) = (LedgerKeys.FirstRequest, LedgerKeys.AfterRequests);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LedgerKeys.Partition(org)} and RowKey ge {from} and RowKey lt {until}");
            return (IReadOnlyList<RequestRow>)await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                .Select(LedgerEntities.Request).ToListAsync(cancellation);
        });

    public Task<IdempotencyRow?> FindIdempotencyRowAsync(string org, IdempotencyKey key, CancellationToken cancellation) =>
        ReadAsync(cancellation, table => FindAsync(table, org, LedgerKeys.Row(key), LedgerEntities.Repeat, cancellation));

    public Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(string org, DateTimeOffset before, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var (from, until) = (LedgerKeys.FirstRepeat, LedgerKeys.AfterRepeats);
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {LedgerKeys.Partition(org)} and RowKey ge {from} and RowKey lt {until} and At lt {before}");
            return (IReadOnlyList<IdempotencyRow>)await table
                .QueryAsync<TableEntity>(filter, select: LedgerEntities.RepeatWithoutOutcome, cancellationToken: cancellation)
                .Select(LedgerEntities.Repeat).ToListAsync(cancellation);
        });

    public Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation) =>
        ReadAsync(cancellation, table => FindAsync(table, org, LedgerKeys.Purchase(id), LedgerEntities.Purchase, cancellation));

    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) =>
        ReadAsync(cancellation, async table =>
        {
            var (from, until) = (LedgerKeys.FirstPurchase, LedgerKeys.AfterPurchases);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LedgerKeys.Partition(org)} and RowKey ge {from} and RowKey lt {until}");
            return (IReadOnlyList<Purchase>)await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                .Select(LedgerEntities.Purchase).OrderBy(purchase => purchase.At).ToListAsync(cancellation);
        });

    public async Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation)
    {
        if (writes.Count > MostWrites)
        {
            return CommitOutcome.Invalid(null);
        }

        for (var index = 0; index < writes.Count; index++)
        {
            if (writes[index] is LedgerWrite.PutRequest put && !LedgerEntities.Fits(put.Row))
            {
                return CommitOutcome.Invalid(index);
            }
        }

        try
        {
            var table = await storage.StrictAsync(storage.Names.Ledger, cancellation);
            var partition = LedgerKeys.Partition(org);
            var responses = await table.SubmitTransactionAsync(
                writes.Select(write => Action(partition, write)), cancellation);
            return CommitOutcome.Committed([.. responses.Value.Select(response => response.Headers.ETag?.ToString())]);
        }
        catch (Exception failure) when (StorageFault.Is(failure, CancellationToken.None, out var fault))
        {
            return fault.Kind switch
            {
                StorageFaultKind.Conflict => CommitOutcome.Conflict(fault.Index),
                StorageFaultKind.Missing => CommitOutcome.Conflict(fault.Index),
                StorageFaultKind.Invalid => CommitOutcome.Invalid(fault.Index),
                StorageFaultKind.Unknown => StorageFault.IsNeverConnected(failure) ? CommitOutcome.NotSent : CommitOutcome.Unknown,
                StorageFaultKind.Denied => CommitOutcome.NotSent,
            };
        }
    }

    private static TableTransactionAction Action(string partition, LedgerWrite write) => write switch
    {
        LedgerWrite.PutRequest { Row: var row } => Put(LedgerEntities.Of(partition, row), row.ETag),
        LedgerWrite.PutQuota { Row: var row } => Put(LedgerEntities.Of(partition, row), row.ETag),
        LedgerWrite.PutIdempotency { Row: var row } => Put(LedgerEntities.Of(partition, row), row.ETag),
        LedgerWrite.AddPurchase { Purchase: var purchase } => Put(LedgerEntities.Of(partition, purchase), null),
        LedgerWrite.DeleteRequest { Key: var key, ETag: var etag } => Delete(partition, LedgerKeys.Row(key), etag),
        LedgerWrite.DeleteQuota { Key: var key, ETag: var etag } => Delete(partition, LedgerKeys.Row(key), etag),
        LedgerWrite.DeleteIdempotency { Key: var key, ETag: var etag } => Delete(partition, LedgerKeys.Row(key), etag),
        _ => throw new InvalidOperationException("There is no such write."),
    };

    private static TableTransactionAction Put(TableEntity entity, string? etag) => etag is null
        ? new TableTransactionAction(TableTransactionActionType.Add, entity)
        : new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, new ETag(etag));

    private static TableTransactionAction Delete(string partition, string row, string etag) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, row), new ETag(etag));

    private static async Task<T?> FindAsync<T>(TableClient table, string org, string row, Func<TableEntity, T> read, CancellationToken cancellation)
        where T : class
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(LedgerKeys.Partition(org), row, cancellationToken: cancellation);
        return found.HasValue ? read(found.Value!) : null;
    }

    private static async Task<IReadOnlyList<QuotaRow>> QuotasAsync(
        TableClient table, string org, string from, string until, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LedgerKeys.Partition(org)} and RowKey ge {from} and RowKey lt {until}");
        return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).Select(LedgerEntities.Quota).ToListAsync(cancellation);
    }

    private async Task<T> ReadAsync<T>(CancellationToken cancellation, Func<TableClient, Task<T>> read)
    {
        try
        {
            return await read(await storage.StrictAsync(storage.Names.Ledger, cancellation));
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the ledger's table cannot be read ({fault.Kind})", failure);
        }
    }
}
