using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Inference;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Inference;

/// <summary>
/// Table <c>responses</c>: a partition for each API key, a row for each answer, whose bytes are in pieces of 64 KiB. A
/// row is written as a whole, so that no reader ever finds half an answer.
/// </summary>
public sealed class TableResponseStore(StorageAccount account) : IResponseStore
{
    private const int Piece = 64 * 1024;
    private const int RowsAtOnce = 100;
    private const string At = "At";
    private const string ExpiresAt = "ExpiresAt";
    private const string ContentType = "ContentType";
    private const string Upstream = "Upstream";
    private static readonly string[] Keys = ["PartitionKey", "RowKey"];
    private static readonly string[] Ages = [.. Keys, At, ExpiresAt];

    public Task<StoredResponse?> FindAsync(ResponseKey key, CancellationToken cancellation) =>
        StorageFault.GuardAsync("read a stored answer", async () =>
        {
            var table = await TableAsync(cancellation);
            var found = await table.GetEntityIfExistsAsync<TableEntity>(
                Partition(key.Org, key.KeyId), key.Id, cancellationToken: cancellation);
            return found.HasValue ? Read(found.Value!) : null;
        }, cancellation);

    public Task SaveAsync(ResponseKey key, StoredResponse response, int most, CancellationToken cancellation) =>
        StorageFault.GuardAsync("store an answer", async () =>
        {
            var (table, partition) = (await TableAsync(cancellation), Partition(key.Org, key.KeyId));
            await table.UpsertEntityAsync(Row(partition, key.Id, response), TableUpdateMode.Replace, cancellation);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
            var rows = await table.QueryAsync<TableEntity>(filter, select: Ages, cancellationToken: cancellation)
                .ToListAsync(cancellation);
            var newestFirst = rows.OrderByDescending(row => row.GetDateTimeOffset(At));
            var kept = newestFirst.Where(row => row.GetDateTimeOffset(ExpiresAt) > response.At).Take(most).ToHashSet();
            return await DeleteAsync(table, rows.Where(row => !kept.Contains(row)), cancellation);
        }, cancellation);

    public Task DropAsync(string org, string keyId, CancellationToken cancellation) =>
        StorageFault.GuardAsync(
            "delete the stored answers of a key",
            () => DeleteAsync(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition(org, keyId)}"), cancellation),
            cancellation);

    public Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellation) =>
        StorageFault.GuardAsync(
            "delete expired answers",
            () => DeleteAsync(TableClient.CreateQueryFilter($"ExpiresAt le {now}"), cancellation),
            cancellation);

    private async Task<int> DeleteAsync(string filter, CancellationToken cancellation)
    {
        var table = await TableAsync(cancellation);
        var rows = await table.QueryAsync<TableEntity>(filter, select: Keys, cancellationToken: cancellation)
            .ToListAsync(cancellation);
        return await DeleteAsync(table, rows, cancellation);
    }

    private static async Task<int> DeleteAsync(
        TableClient table, IEnumerable<TableEntity> rows, CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var some in rows.GroupBy(row => row.PartitionKey).SelectMany(rows => rows.Chunk(RowsAtOnce)))
        {
            try
            {
                await table.SubmitTransactionAsync(
                    some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)),
                    cancellation);
            }
            catch (RequestFailedException gone) when (gone.Status is 404)
            {
                // Another instance was faster with one of them, which undid the others.
                foreach (var row in some)
                {
                    await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellation);
                }
            }

            deleted += some.Length;
        }

        return deleted;
    }

    private static string Partition(string org, string keyId) => TableKey.Join(org, keyId);

    private static TableEntity Row(string partition, string id, StoredResponse response)
    {
        var row = new TableEntity(partition, id)
        {
            [At] = response.At,
            [ExpiresAt] = response.ExpiresAt,
            [ContentType] = response.ContentType,
            [Upstream] = response.Upstream,
        };
        foreach (var (piece, number) in response.Content.Chunk(Piece).Select((piece, number) => (piece, number)))
        {
            row[PieceName(number)] = piece;
        }

        return row;
    }

    private static StoredResponse Read(TableEntity row)
    {
        var pieces = Enumerable.Range(0, int.MaxValue)
            .Select(number => row.GetBinary(PieceName(number)))
            .TakeWhile(piece => piece is not null);
        return new StoredResponse(
            row.GetDateTimeOffset(At) ?? DateTimeOffset.MinValue,
            row.GetDateTimeOffset(ExpiresAt) ?? DateTimeOffset.MinValue,
            row.GetString(ContentType) ?? "",
            row.GetString(Upstream) ?? "",
            [.. pieces.SelectMany(piece => piece!)]);
    }

    private static string PieceName(int number) => $"Piece{number.ToString("D2", CultureInfo.InvariantCulture)}";

    private ValueTask<TableClient> TableAsync(CancellationToken cancellation) =>
        account.PatientAsync(account.Names.Responses, cancellation);
}

/// <summary>Registers the response cache over tables.</summary>
public static class ResponseTablesRegistration
{
    public static IServiceCollection AddResponseTables(this IServiceCollection services) =>
        services.AddSingleton<IResponseStore, TableResponseStore>();
}
