using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Table <c>resets</c>. A change whose answer was lost may count a run twice; it never loses one.</summary>
public sealed class TableResetLog(StorageAccount account, OptimisticWrite write) : IResetLog
{
    public Task<ResetRecord> ChangeAsync(DateOnly day, Func<ResetRecord, ResetRecord> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return write.RunAsync("record a reset", () => TryAsync(day, change, cancellation), cancellation);
    }

    public Task<ResetRecord?> FindAsync(DateOnly day, CancellationToken cancellation) =>
        StorageFault.GuardAsync(
            "read a reset",
            async () => await ReadAsync(day, cancellation).ConfigureAwait(false) is { } row ? ResetRow.Read(row) : null,
            cancellation);

    public Task<IReadOnlyList<ResetRecord>> ListAsync(int limit, DateOnly? before, CancellationToken cancellation) =>
        StorageFault.GuardAsync<IReadOnlyList<ResetRecord>>(
            "read the resets",
            async () =>
            {
                var after = before is { } day ? ResetRow.Key(day) : "";
                var filter = TableClient.CreateQueryFilter($"PartitionKey eq {ResetRow.Partition} and RowKey gt {after}");
                var table = await account.PatientAsync(account.Names.Resets, cancellation).ConfigureAwait(false);
                return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                    .Take(limit).Select(ResetRow.Read).ToListAsync(cancellation).ConfigureAwait(false);
            },
            cancellation);

    private async Task<ResetRecord> TryAsync(DateOnly day, Func<ResetRecord, ResetRecord> change, CancellationToken cancellation)
    {
        var stored = await ReadAsync(day, cancellation).ConfigureAwait(false);
        var changed = change(stored is null ? new ResetRecord(day) : ResetRow.Read(stored));
        var table = await account.StrictAsync(account.Names.Resets, cancellation).ConfigureAwait(false);
        await (stored is null
            ? table.AddEntityAsync(ResetRow.Of(changed), cancellation)
            : table.UpdateEntityAsync(ResetRow.Of(changed), stored.ETag, TableUpdateMode.Replace, cancellation)).ConfigureAwait(false);
        return changed;
    }

    private async Task<TableEntity?> ReadAsync(DateOnly day, CancellationToken cancellation)
    {
        var table = await account.PatientAsync(account.Names.Resets, cancellation).ConfigureAwait(false);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(ResetRow.Partition, ResetRow.Key(day), cancellationToken: cancellation).ConfigureAwait(false);
        return row.HasValue ? row.Value : null;
    }
}
