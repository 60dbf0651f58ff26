using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// Table <c>activity</c>: see <see cref="ActivityKeys"/> for its rows and <see cref="ActivityAppend"/> for how they are
/// written.
/// </summary>
public sealed class TableActivityStore(StorageAccount account, Backoff backoff, TimeProvider clock) : IActivityStore
{
    public async Task<IReadOnlyList<RefusedRecord>> AppendAsync(string org, IReadOnlyList<ActivityRecord> records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        var refused = new List<RefusedRecord>();
        var keyed = new List<(string Partition, string Row, string Sum, ActivityRecord Record)>();
        foreach (var record in records.Select(ActivityBounds.Apply))
        {
            if (record.Org != org)
            {
                throw new ArgumentException($"A record of org '{record.Org}' is among those of '{org}'.", nameof(records));
            }

            try
            {
                keyed.Add((
                    ActivityKeys.Partition(org, ActivityKeys.MonthOf(record.Time)),
                    ActivityKeys.RecordRow(record.Time, record.Id),
                    ActivityKeys.UsageRow(DailyUsage.For(record)),
                    record));
            }
            catch (TableKeyTooLongException tooLong)
            {
                refused.Add(new RefusedRecord(record, tooLong.Message));
            }
        }

        var append = await StorageFault.GuardAsync(
            "open the activity table",
            async () => new ActivityAppend(await StrictAsync(cancellation).ConfigureAwait(false), await PatientAsync(cancellation).ConfigureAwait(false), backoff, refused),
            cancellation).ConfigureAwait(false);

        // In the order of the table: newest records come first there, and the embedded tables' file is two thirds as
        // long where rows are not put in backwards.
        keyed.Sort(static (one, other) => string.CompareOrdinal(one.Row, other.Row));
        foreach (var month in keyed.DistinctBy(item => (item.Partition, item.Row)).GroupBy(item => item.Partition))
        {
            foreach (var batch in ActivityBatch.Of(month.Key, month.Select(item => (item.Row, item.Sum, item.Record))))
            {
                await append.RunAsync(batch, cancellation).ConfigureAwait(false);
            }
        }

        return refused;
    }

    public Task<ActivityPage> QueryAsync(string org, ActivityQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StorageFault.GuardAsync("read the activity", () => ReadPageAsync(org, query, cancellation), cancellation);
    }

    public Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly day, CancellationToken cancellation) => SumsAsync(org, day, day, null, cancellation);

    public Task<IReadOnlyList<DailyUsage>> SumsOfMonthAsync(string org, DateOnly month, string? key, CancellationToken cancellation)
    {
        var first = month.AddDays(1 - month.Day);
        return SumsAsync(org, first, first.AddMonths(1).AddDays(-1), key, cancellation);
    }

    public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) => StorageFault.GuardAsync(
        "correct the activity's sums",
        async () => await SumCorrection.TryAsync(
            await StrictAsync(cancellation).ConfigureAwait(false),
            ActivityKeys.Partition(right.Org, ActivityKeys.MonthOf(right.Day)), ActivityKeys.UsageRow(right), right, seen, cancellation).ConfigureAwait(false),
        cancellation);

    /// <param name="last">In the month of <paramref name="first"/>.</param>
    private Task<IReadOnlyList<DailyUsage>> SumsAsync(string org, DateOnly first, DateOnly last, string? key, CancellationToken cancellation) =>
        StorageFault.GuardAsync<IReadOnlyList<DailyUsage>>(
            "read the activity's sums",
            async () =>
            {
                var (partition, from, until) = (ActivityKeys.Partition(org, first), ActivityKeys.UsageFrom(first), ActivityKeys.UsageUntil(last));
                var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {until}");
                filter += key is null ? "" : TableClient.CreateQueryFilter($" and Key eq {key}");
                var table = await PatientAsync(cancellation).ConfigureAwait(false);
                return await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                    .Select(UsageRow.Read).ToListAsync(cancellation).ConfigureAwait(false);
            },
            cancellation);

    private async Task<ActivityPage> ReadPageAsync(string org, ActivityQuery query, CancellationToken cancellation)
    {
        var table = await PatientAsync(cancellation).ConfigureAwait(false);
        var records = new List<ActivityRecord>();
        var newest = ActivityMonths.Newest(clock.GetUtcNow(), query.To, query.After?.Time);
        await foreach (var month in ActivityMonths.NewestFirst(table, org, ActivityKeys.MonthOf(newest), query.From, cancellation).ConfigureAwait(false))
        {
            await ReadMonthAsync(table, org, month, query, records, cancellation).ConfigureAwait(false);
            if (records.Count > query.Limit)
            {
                break;
            }
        }

        return records.Count <= query.Limit
            ? new ActivityPage(records, null)
            : new ActivityPage(records[..query.Limit], ActivityCursor.After(records[query.Limit - 1]).ToString());
    }

    /// <summary>One record more than the limit says whether there is another page.</summary>
    private static async Task ReadMonthAsync(
        TableClient table, string org, DateOnly month, ActivityQuery query, List<ActivityRecord> records, CancellationToken cancellation)
    {
        var wanted = query.Limit + 1 - records.Count;
        var rows = table.QueryAsync<TableEntity>(
            ActivityFilter.Of(ActivityKeys.Partition(org, month), query), Math.Min(wanted, ActivityQuery.MaxLimit), cancellationToken: cancellation);
        await foreach (var row in rows.Take(wanted).ConfigureAwait(false))
        {
            records.Add(ActivityRow.Read(row));
        }
    }

    private ValueTask<TableClient> StrictAsync(CancellationToken cancellation) => account.StrictAsync(account.Names.Activity, cancellation);

    private ValueTask<TableClient> PatientAsync(CancellationToken cancellation) => account.PatientAsync(account.Names.Activity, cancellation);
}
