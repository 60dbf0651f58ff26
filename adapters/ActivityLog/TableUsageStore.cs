using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Table <c>usage</c>: partition org, row <c>2026-11-21|{tier}|{model}|{key}</c>.</summary>
public sealed class TableUsageStore(StorageAccount account, OptimisticWrite write) : IUsageStore
{
    private const int RowsAtOnce = 100;

    public async Task<int> SaveAsync(string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sums);
        var changed = 0;
        foreach (var some in sums.OrderBy(Row, StringComparer.Ordinal).Chunk(RowsAtOnce))
        {
            changed += await write.RunAsync("save a day's sums", () => TryAsync(org, some, cancellation), cancellation).ConfigureAwait(false);
        }

        return changed;
    }

    public Task<IReadOnlyList<DailyUsage>> ListAsync(string org, DateOnly from, DateOnly to, CancellationToken cancellation) =>
        StorageFault.GuardAsync<IReadOnlyList<DailyUsage>>(
            "read the usage",
            async () => [.. (await ReadAsync(org, TableKey.From(ActivityKeys.Day(from)), TableKey.Until(ActivityKeys.Day(to)), cancellation).ConfigureAwait(false))
                .Select(UsageRow.Read)],
            cancellation);

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) => StorageFault.GuardAsync(
        "correct a closed day's sums",
        async () => await SumCorrection.TryAsync(
            await account.StrictAsync(account.Names.Usage, cancellation).ConfigureAwait(false), TableKey.Join(right.Org), Row(right), right, seen, cancellation).ConfigureAwait(false),
        cancellation);

    private static string Row(DailyUsage sum) => TableKey.Join(ActivityKeys.Day(sum.Day), sum.Tier, sum.Model, sum.Key);

    /// <summary>A row with as many requests has the same sums; one with more is the work of a later closing.</summary>
    /// <param name="sums">In the order of their rows: only what lies between the first and the last is read.</param>
    private async Task<int> TryAsync(string org, DailyUsage[] sums, CancellationToken cancellation)
    {
        var stored = (await ReadAsync(org, Row(sums[0]), Row(sums[^1]) + TableKey.Separator, cancellation).ConfigureAwait(false)).ToDictionary(row => row.RowKey);
        var actions = new List<TableTransactionAction>();
        foreach (var sum in sums)
        {
            var row = Row(sum);
            var before = stored.GetValueOrDefault(row);
            if (before is null)
            {
                actions.Add(new TableTransactionAction(TableTransactionActionType.Add, UsageRow.Of(sum, TableKey.Join(org), row)));
            }
            else if (UsageRow.Read(before).Requests < sum.Requests)
            {
                actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, UsageRow.Of(sum, TableKey.Join(org), row), before.ETag));
            }
        }

        if (actions.Count > 0)
        {
            var table = await account.StrictAsync(account.Names.Usage, cancellation).ConfigureAwait(false);
            await table.SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false);
        }

        return actions.Count;
    }

    private async Task<List<TableEntity>> ReadAsync(string org, string first, string end, CancellationToken cancellation)
    {
        var partition = TableKey.Join(org);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end}");
        var table = await account.PatientAsync(account.Names.Usage, cancellation).ConfigureAwait(false);
        return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ToListAsync(cancellation).ConfigureAwait(false);
    }
}

/// <summary>Replaces one row of sums under its ETag.</summary>
internal static class SumCorrection
{
    /// <summary>
    /// One try: a row that has moved, or whose correction may have landed, is looked at again by the next
    /// reconciliation.
    /// </summary>
    public static async Task<bool> TryAsync(
        TableClient table, string partition, string row, DailyUsage right, DailyUsage? seen, CancellationToken cancellation)
    {
        var stored = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation).ConfigureAwait(false);
        if ((stored.HasValue ? UsageRow.Read(stored.Value!) : null) != seen)
        {
            return false;
        }

        try
        {
            var entity = UsageRow.Of(right, partition, row);
            await (stored.HasValue
                ? table.UpdateEntityAsync(entity, stored.Value!.ETag, TableUpdateMode.Replace, cancellation)
                : table.AddEntityAsync(entity, cancellation)).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault) && fault.Kind is StorageFaultKind.Conflict or StorageFaultKind.Missing)
        {
            return false;
        }
    }
}
