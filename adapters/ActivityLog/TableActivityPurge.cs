using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// Deletes partitions of table <c>activity</c> a hundred rows at a time. A sum is deleted under its ETag, after it was
/// kept: a record that comes late in between makes the sum a new one, which is kept and deleted in turn.
/// </summary>
public sealed class TableActivityPurge(StorageAccount account, Backoff backoff) : IActivityPurge
{
    private const int RowsAtOnce = 100;
    private const int MostLost = 40;
    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    public Task<IReadOnlyList<DateOnly>> MonthsAsync(string org, DateOnly before, CancellationToken cancellation) =>
        StorageFault.GuardAsync<IReadOnlyList<DateOnly>>(
            "look for old activity",
            async () =>
            {
                var table = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
                var (months, end) = (new List<DateOnly>(), ActivityKeys.PartitionsUntil(org, before));
                for (var from = ActivityKeys.PartitionsFrom(org); ;)
                {
                    var filter = TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {end}");
                    if (await table.QueryAsync<TableEntity>(filter, 1, Keys, cancellation).FirstOrDefaultAsync(cancellation).ConfigureAwait(false) is not { } row)
                    {
                        return months;
                    }

                    months.Add(ActivityKeys.MonthOf(row.PartitionKey));
                    from = ActivityKeys.PartitionsUntil(org, months[^1].AddMonths(1));
                }
            },
            cancellation);

    public Task<PurgedRows> CountAsync(string org, DateOnly month, CancellationToken cancellation) => StorageFault.GuardAsync(
        "count old activity",
        async () =>
        {
            var table = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
            var partition = ActivityKeys.Partition(org, month);
            var (records, refusals, sums) = (0L, 0L, 0L);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
            await foreach (var row in table.QueryAsync<TableEntity>(filter, select: Keys, cancellationToken: cancellation).ConfigureAwait(false))
            {
                var isSum = string.CompareOrdinal(row.RowKey, ActivityKeys.UsageFrom()) >= 0;
                (records, refusals, sums) = ActivityKeys.IsRecord(row.RowKey) ? (records + 1, refusals, sums) : isSum ? (records, refusals, sums + 1) : (records, refusals + 1, sums);
            }

            return new PurgedRows(records, refusals, sums);
        },
        cancellation);

    public Task<PurgedRows> DropAsync(string org, DateOnly month, Func<IReadOnlyList<DailyUsage>, Task> keep, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var partition = ActivityKeys.Partition(org, month);
        return StorageFault.GuardAsync(
            "purge old activity",
            async () =>
            {
                // Kept before the first record goes: whoever dies half-way leaves nothing uncounted.
                var sums = (await SumsAsync(partition, cancellation).ConfigureAwait(false)).ConvertAll(UsageRow.Read);
                await keep(sums).ConfigureAwait(false);
                var records = await DropAsync(partition, ActivityKeys.RecordsFromStart(), ActivityKeys.RecordsUntilEnd(), cancellation).ConfigureAwait(false);
                var refusals = await DropAsync(partition, ActivityKeys.RefusalsFromStart(), ActivityKeys.RefusalsUntilEnd(), cancellation).ConfigureAwait(false);
                return new PurgedRows(records, refusals, await DropSumsAsync(partition, keep, cancellation).ConfigureAwait(false));
            },
            cancellation);
    }

    /// <summary>Rows that nobody changes: whoever deletes one first, it is gone.</summary>
    private async Task<long> DropAsync(string partition, string from, string until, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {until}");
        for (var dropped = 0L; ;)
        {
            var patient = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
            var rows = await patient.QueryAsync<TableEntity>(filter, RowsAtOnce, Keys, cancellation).Take(RowsAtOnce).ToListAsync(cancellation).ConfigureAwait(false);
            if (rows.Count is 0)
            {
                return dropped;
            }

            dropped += await DropAsync(rows, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<long> DropAsync(List<TableEntity> rows, CancellationToken cancellation)
    {
        var strict = await account.StrictAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
        for (var outages = 1; ; outages++)
        {
            try
            {
                await strict.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation).ConfigureAwait(false);
                return rows.Count;
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault) && fault.Kind is StorageFaultKind.Missing or StorageFaultKind.Conflict && !fault.TableIsMissing)
            {
                // Another instance, or our own try before, was faster with some of them.
                return await DropEachAsync(rows, cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault) && fault.Kind is StorageFaultKind.Unknown && outages < OptimisticWrite.MostOutages)
            {
                await backoff.AfterOutageAsync(outages, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<long> DropEachAsync(List<TableEntity> rows, CancellationToken cancellation)
    {
        var (patient, dropped) = (await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false), 0L);
        foreach (var row in rows)
        {
            // The client takes an answer of 404 for done.
            using var answer = await patient.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellation).ConfigureAwait(false);
            dropped += answer.Status is 404 ? 0 : 1;
        }

        return dropped;
    }

    private async Task<long> DropSumsAsync(string partition, Func<IReadOnlyList<DailyUsage>, Task> keep, CancellationToken cancellation)
    {
        var dropped = 0L;
        for (var lost = 0; lost < MostLost;)
        {
            var rows = (await SumsAsync(partition, cancellation).ConfigureAwait(false)).Take(RowsAtOnce).ToList();
            if (rows.Count is 0)
            {
                return dropped;
            }

            await keep(rows.ConvertAll(UsageRow.Read)).ConfigureAwait(false);
            var strict = await account.StrictAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
            try
            {
                await strict.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag)), cancellation).ConfigureAwait(false);
                dropped += rows.Count;
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault) && fault.Kind is not (StorageFaultKind.Denied or StorageFaultKind.Invalid) && !fault.TableIsMissing)
            {
                await backoff.AfterConflictAsync(++lost, cancellation).ConfigureAwait(false);
            }
        }

        throw new StorageUnavailableException(string.Create(CultureInfo.InvariantCulture, $"Storage could not purge sums: {MostLost} races were lost."), null);
    }

    private async Task<List<TableEntity>> SumsAsync(string partition, CancellationToken cancellation)
    {
        var (from, until) = (ActivityKeys.UsageFrom(), ActivityKeys.UsageUntil());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {until}");
        var table = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
        return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ToListAsync(cancellation).ConfigureAwait(false);
    }
}
