using System.Globalization;
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

/// <summary>
/// A day's closing as a row: partition <c>resets</c>, row <c>2912294|2026-05-29</c>, whose falling number puts the
/// newest first.
/// </summary>
internal static class ResetRow
{
    public const string Partition = "resets";

    public static string Key(DateOnly day) =>
        TableKey.Join((DateOnly.MaxValue.DayNumber - day.DayNumber).ToString("D7", CultureInfo.InvariantCulture), ActivityKeys.Day(day));

    public static TableEntity Of(ResetRecord reset)
    {
        var row = new TableEntity(Partition, Key(reset.Day))
        {
            [nameof(reset.Day)] = ActivityKeys.Day(reset.Day),
            [nameof(reset.Runs)] = reset.Runs,
            [nameof(reset.Orgs)] = reset.Orgs,
            [nameof(reset.FailedOrgs)] = reset.FailedOrgs,
            [nameof(reset.Corrections)] = reset.Corrections,
        };
        Set(row, nameof(reset.FirstRunAt), reset.FirstRunAt);
        Set(row, nameof(reset.LastRunAt), reset.LastRunAt);
        Set(row, nameof(reset.ClosedAt), reset.ClosedAt);
        Set(row, "LateSeconds", reset.Late?.TotalSeconds);
        return row;
    }

    public static ResetRecord Read(TableEntity row) => new(
        DateOnly.ParseExact(row.GetString(nameof(ResetRecord.Day)), "yyyy-MM-dd", CultureInfo.InvariantCulture))
    {
        FirstRunAt = row.GetDateTimeOffset(nameof(ResetRecord.FirstRunAt)),
        LastRunAt = row.GetDateTimeOffset(nameof(ResetRecord.LastRunAt)),
        ClosedAt = row.GetDateTimeOffset(nameof(ResetRecord.ClosedAt)),
        Runs = row.GetInt32(nameof(ResetRecord.Runs)) ?? 0,
        Orgs = row.GetInt32(nameof(ResetRecord.Orgs)) ?? 0,
        FailedOrgs = row.GetInt32(nameof(ResetRecord.FailedOrgs)) ?? 0,
        Corrections = row.GetInt32(nameof(ResetRecord.Corrections)) ?? 0,
    };

    private static void Set(TableEntity row, string column, object? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }
}
