using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Ledger;

namespace Freeway.Adapters.Ledger;

/// <summary>
/// Instances on Table Storage: all signs of life in the partition <c>heartbeat</c>, and one partition per instance with
/// a row for each org that it may hold reservations of.
/// </summary>
public sealed class TableInstanceStore(StorageAccount storage) : IInstanceStore
{
    /// <summary>The partition of all signs of life.</summary>
    public const string Heartbeats = "heartbeat";

    private const string At = "At";
    private const string Claimed = "Claimed";

    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation) =>
        RunAsync(cancellation, async table =>
        {
            var entity = Heartbeat(instance, now, claimed: false);
            try
            {
                var response = etag is null
                    ? await table.AddEntityAsync(entity, cancellation)
                    : await table.UpdateEntityAsync(entity, new ETag(etag), TableUpdateMode.Replace, cancellation);
                return response.Headers.ETag?.ToString();
            }
            catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
            {
                // An earlier beat of ours may have landed with its answer lost. Only recovery claims or removes the
                // row.
                return await BeatAgainAsync(table, entity, cancellation);
            }
        });

    public Task RegisterAsync(string instance, string org, CancellationToken cancellation) =>
        RunAsync(cancellation, async table =>
        {
            await table.UpsertEntityAsync(
                new TableEntity(TableKey.Escape(instance), TableKey.Escape(org)), TableUpdateMode.Replace, cancellation);
            return true;
        });

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation) =>
        RunAsync(cancellation, async table => await table.DeleteEntityAsync(TableKey.Escape(instance), TableKey.Escape(org), ETag.All, cancellation));

    public Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation) =>
        RunAsync(cancellation, async table =>
        {
            try
            {
                await table.UpdateEntityAsync(
                    Heartbeat(beat.Instance, beat.At, claimed: true), new ETag(beat.ETag), TableUpdateMode.Replace, cancellation);
                return true;
            }
            catch (RequestFailedException alive) when (alive.Status is 404 or 412)
            {
                return false;
            }
        });

    public Task RemoveAsync(string instance, CancellationToken cancellation) =>
        RunAsync(cancellation, async table => await table.DeleteEntityAsync(Heartbeats, TableKey.Escape(instance), ETag.All, cancellation));

    public Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation) =>
        RunAsync(cancellation, async table => (IReadOnlyList<InstanceHeartbeat>)await table
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Heartbeats}"), cancellationToken: cancellation)
            .Select(ReadHeartbeat)
            .ToListAsync(cancellation));

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation) =>
        RunAsync(cancellation, async table => (IReadOnlyList<string>)await table
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Escape(instance)}"), cancellationToken: cancellation)
            .Select(entity => TableKey.Unescape(entity.RowKey))
            .ToListAsync(cancellation));

    private static async Task<string?> BeatAgainAsync(TableClient table, TableEntity entity, CancellationToken cancellation)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(entity.PartitionKey, entity.RowKey, cancellationToken: cancellation);
        if (!found.HasValue || found.Value!.GetBoolean(Claimed) is true)
        {
            return null;
        }

        var response = await table.UpdateEntityAsync(entity, found.Value.ETag, TableUpdateMode.Replace, cancellation);
        return response.Headers.ETag?.ToString();
    }

    private static TableEntity Heartbeat(string instance, DateTimeOffset at, bool claimed) =>
        new(Heartbeats, TableKey.Escape(instance)) { [At] = at, [Claimed] = claimed };

    /// <summary>Reads a row of the partition <see cref="Heartbeats"/>.</summary>
    public static InstanceHeartbeat ReadHeartbeat(TableEntity row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(
            TableKey.Unescape(row.RowKey),
            row.GetDateTimeOffset(At) ?? DateTimeOffset.MinValue,
            row.GetBoolean(Claimed) ?? false,
            row.ETag.ToString());
    }

    private async Task<T> RunAsync<T>(CancellationToken cancellation, Func<TableClient, Task<T>> run)
    {
        try
        {
            return await run(await storage.StrictAsync(storage.Names.Instances, cancellation));
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the instances' table does not answer ({fault.Kind})", failure);
        }
    }
}
