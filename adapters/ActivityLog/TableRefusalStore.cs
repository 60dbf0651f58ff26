using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// The roll-ups in table <c>activity</c>, see <see cref="ActivityKeys"/>: a month's go when its records go.
/// </summary>
public sealed class TableRefusalStore(StorageAccount account, OptimisticWrite write, TimeProvider clock) : IRefusalStore
{
    private const int RowsAtOnce = 100;

    public async Task SaveAsync(string writer, string org, IReadOnlyList<RefusalCount> counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(counts);
        foreach (var month in counts.GroupBy(count => ActivityKeys.Partition(org, ActivityKeys.MonthOf(count.Key.Minute)), StringComparer.Ordinal))
        {
            foreach (var some in month.OrderBy(count => ActivityKeys.RefusalRow(count.Key, writer), StringComparer.Ordinal).Chunk(RowsAtOnce))
            {
                await write.RunAsync("save counts of refusals", () => TryAsync(month.Key, writer, some, cancellation), cancellation).ConfigureAwait(false);
            }
        }
    }

    public Task<RefusalPage> QueryAsync(string org, RefusalQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StorageFault.GuardAsync("read the refusals", () => ReadPageAsync(org, query, cancellation), cancellation);
    }

    /// <summary>ETags keep a try that lands late from taking back what a later one wrote.</summary>
    /// <param name="counts">In the order of their rows: only what lies between the first and the last is read.</param>
    private async Task<bool> TryAsync(string partition, string writer, RefusalCount[] counts, CancellationToken cancellation)
    {
        var rows = Array.ConvertAll(counts, count => RefusalRow.Of(writer, count, partition));
        var (first, last) = (rows[0].RowKey, rows[^1].RowKey);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey le {last} and Writer eq {writer}");
        var patient = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
        var stored = await patient.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
            .ToDictionaryAsync(row => row.RowKey, cancellationToken: cancellation).ConfigureAwait(false);
        var actions = new List<TableTransactionAction>();
        foreach (var row in rows)
        {
            if (!stored.TryGetValue(row.RowKey, out var before))
            {
                actions.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
            }
            else if (before.GetInt64(nameof(RefusalCount.Count)) < row.GetInt64(nameof(RefusalCount.Count)))
            {
                actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, before.ETag));
            }
        }

        if (actions.Count > 0)
        {
            var strict = await account.StrictAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
            await strict.SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<RefusalPage> ReadPageAsync(string org, RefusalQuery query, CancellationToken cancellation)
    {
        var table = await account.PatientAsync(account.Names.Activity, cancellation).ConfigureAwait(false);
        var counts = new List<RefusalCount>();
        var newest = ActivityMonths.Newest(clock.GetUtcNow(), query.To, query.After?.Minute);
        await foreach (var month in ActivityMonths.NewestFirst(table, org, ActivityKeys.MonthOf(newest), query.From, cancellation).ConfigureAwait(false))
        {
            await ReadMonthAsync(table, ActivityKeys.Partition(org, month), query, counts, cancellation).ConfigureAwait(false);
            if (counts.Count > query.Limit)
            {
                // The last one may have more writers, and says only that there is another page.
                return new RefusalPage(counts[..query.Limit], RefusalCursor.After(counts[query.Limit - 1].Key).ToString());
            }
        }

        return new RefusalPage(counts, null);
    }

    private static async Task ReadMonthAsync(TableClient table, string partition, RefusalQuery query, List<RefusalCount> counts, CancellationToken cancellation)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(Filter(partition, query), cancellationToken: cancellation).ConfigureAwait(false))
        {
            var count = RefusalRow.Read(row);
            if (counts.Count > 0 && counts[^1].Key == count.Key)
            {
                counts[^1] = counts[^1] with { Count = counts[^1].Count + count.Count };
            }
            else if (counts.Count > query.Limit)
            {
                return;
            }
            else
            {
                counts.Add(count);
            }
        }
    }

    private static string Filter(string partition, RefusalQuery query)
    {
        var first = query.To is { } to && to > DateTimeOffset.MinValue ? ActivityKeys.RefusalsFrom(to.AddTicks(-1)) : ActivityKeys.RefusalsFromStart();
        var end = query.From is { } from ? ActivityKeys.RefusalsUntil(from) : ActivityKeys.RefusalsUntilEnd();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end}");
        if (query.After is { } after)
        {
            var past = ActivityKeys.RefusalsUntil(after);
            filter += TableClient.CreateQueryFilter($" and RowKey ge {past}");
        }

        filter += query.Model is { } model ? TableClient.CreateQueryFilter($" and Model eq {model}") : "";
        return filter + (query.Code is { } code ? TableClient.CreateQueryFilter($" and Code eq {code}") : "");
    }
}

/// <summary>One writer's count of one reason in one minute as a row.</summary>
internal static class RefusalRow
{
    public const string Writer = "Writer";

    public static TableEntity Of(string writer, RefusalCount count, string partition)
    {
        var key = count.Key;
        var row = new TableEntity(partition, ActivityKeys.RefusalRow(key, writer))
        {
            [nameof(key.Minute)] = key.Minute,
            [nameof(key.Model)] = key.Model,
            [nameof(key.Code)] = key.Code,
            [nameof(count.Count)] = count.Count,
            [Writer] = writer,
        };
        if (key.Variant is { } variant)
        {
            row[nameof(key.Variant)] = variant;
        }

        if (key.Limit is { } limit)
        {
            row[nameof(key.Limit)] = limit;
        }

        return row;
    }

    public static RefusalCount Read(TableEntity row) => new(
        new RefusalKey(
            TableKey.Split(row.PartitionKey)[0],
            row.GetDateTimeOffset(nameof(RefusalKey.Minute))!.Value,
            row.GetString(nameof(RefusalKey.Model)),
            row.GetString(nameof(RefusalKey.Variant)),
            row.GetString(nameof(RefusalKey.Code)),
            row.GetString(nameof(RefusalKey.Limit))),
        row.GetInt64(nameof(RefusalCount.Count)) ?? 0);
}
