using System.Collections.Concurrent;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// Writes one batch so that each of its records counts once. One transaction inserts the records and replaces the sums;
/// it cannot pass twice, because an insert of a record that is there fails, and it cannot pass on old sums, because
/// their ETags guard them. So any try may be repeated, whatever became of the one before, even one that has yet to
/// land:
/// <list type="number">
/// <item>Read the days' sums with their ETags.</item>
/// <item>Submit. Done when it passes.</item>
/// <item>A record conflicts, or nobody knows the outcome: drop the records that are there now; back to 1.</item>
/// <item>A sum conflicts: another writer was faster; back to 1 after a moment.</item>
/// <item>The service will not have a record: refuse that one. It does not say which: halve the batch.</item>
/// </list>
/// Looking which records are there needs no snapshot: records are never deleted while they can be delivered, and
/// one that appears a moment later conflicts in the next try.
/// </summary>
internal sealed class ActivityAppend(TableClient strict, TableClient patient, Backoff backoff, List<RefusedRecord> refused)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The number of sums from which on one range query costs less than reading row by row.</summary>
    private const int FewSums = 8;

    /// <exception cref="StorageUnavailableException">Storage is out of reach, or too many races were lost.</exception>
    public async Task RunAsync(ActivityBatch batch, CancellationToken cancellation)
    {
        for (var (lost, outages) = (0, 0); batch.Records.Count > 0;)
        {
            List<TableTransactionAction>? actions = null;
            try
            {
                actions = batch.Actions(await ReadSumsAsync(batch, cancellation).ConfigureAwait(false));
                await strict.SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault))
            {
                switch (fault.Kind)
                {
                    case StorageFaultKind.Conflict or StorageFaultKind.Missing when lost++ < OptimisticWrite.MostLost && !fault.TableIsMissing:
                        await (fault.Index >= batch.Records.Count
                            ? backoff.AfterConflictAsync(lost, cancellation)
                            : DropStoredAsync(batch, cancellation)).ConfigureAwait(false);
                        break;
                    case StorageFaultKind.Unknown when outages++ < OptimisticWrite.MostOutages:
                        await backoff.AfterOutageAsync(outages, cancellation).ConfigureAwait(false);
                        await DropStoredAsync(batch, cancellation).ConfigureAwait(false);
                        break;
                    case StorageFaultKind.Invalid when actions is not null && fault.Index is { } index && index < batch.Records.Count:
                        Refuse(batch, batch.Records[index], fault);
                        break;
                    case StorageFaultKind.Invalid when actions is not null && batch.Records.Count is 1:
                        Refuse(batch, batch.Records[0], fault);
                        break;
                    case StorageFaultKind.Invalid when actions is not null:
                        var (first, second) = batch.Halve();
                        await RunAsync(first, cancellation).ConfigureAwait(false);
                        await RunAsync(second, cancellation).ConfigureAwait(false);
                        return;
                    default:
                        throw fault.Outage("write activity records", error);
                }
            }
        }
    }

    private async Task<Dictionary<string, TableEntity>> ReadSumsAsync(ActivityBatch batch, CancellationToken cancellation)
    {
        var sums = batch.Sums();
        if (sums.Count <= FewSums)
        {
            var rows = await Task.WhenAll(sums.Select(sum => patient.GetEntityIfExistsAsync<TableEntity>(batch.Partition, sum, cancellationToken: cancellation)))
                .ConfigureAwait(false);
            return rows.Where(row => row.HasValue).ToDictionary(row => row.Value!.RowKey, row => row.Value!);
        }

        var (from, until) = (sums[0], sums[^1] + TableKey.Separator);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {batch.Partition} and RowKey ge {from} and RowKey lt {until}");
        return await patient.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
            .ToDictionaryAsync(row => row.RowKey, cancellationToken: cancellation).ConfigureAwait(false);
    }

    /// <summary>A look that fails is no harm: a record that stays in the batch conflicts again.</summary>
    private async Task DropStoredAsync(ActivityBatch batch, CancellationToken cancellation)
    {
        var stored = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        try
        {
            await Parallel.ForEachAsync(
                batch.Records,
                new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellation },
                async (item, token) =>
                {
                    var row = await patient.GetEntityIfExistsAsync<TableEntity>(batch.Partition, item.Row, ["RowKey"], token).ConfigureAwait(false);
                    if (row.HasValue)
                    {
                        stored[item.Row] = true;
                    }
                }).ConfigureAwait(false);
        }
        catch (Exception error) when (StorageFault.Is(error, cancellation, out _))
        {
            // What was seen so far is dropped; the rest is judged by the next try.
        }

        batch.Drop(stored.ContainsKey);
    }

    private void Refuse(ActivityBatch batch, (string Row, string Sum, ActivityRecord Record) item, StorageFault fault)
    {
        refused.Add(new RefusedRecord(item.Record, $"Table Storage refuses the record: {fault.Status} {fault.Code}."));
        batch.Drop(row => row == item.Row);
    }
}

/// <summary>Records of one org and month that go into one transaction together with their days' sums.</summary>
internal sealed class ActivityBatch(string partition)
{
    private readonly List<(string Row, string Sum, ActivityRecord Record)> _records = [];
    private readonly HashSet<string> _sums = new(StringComparer.Ordinal);

    public string Partition => partition;

    /// <summary>Gets the records in the order in which they stand in the transaction, before the sums.</summary>
    public IReadOnlyList<(string Row, string Sum, ActivityRecord Record)> Records => _records;

    /// <summary>The rows of the sums to which the records count, in the order of the table.</summary>
    public IReadOnlyList<string> Sums() =>
        [.. _records.Select(item => item.Sum).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Splits records into batches of at most a hundred rows. <see cref="ActivityBounds"/> keeps those below 4 MiB.
    /// </summary>
    public static IReadOnlyList<ActivityBatch> Of(string partition, IEnumerable<(string Row, string Sum, ActivityRecord Record)> records)
    {
        var batches = new List<ActivityBatch>();
        foreach (var (row, sum, record) in records)
        {
            if (batches.Count is 0 || !batches[^1].HasRoom(sum))
            {
                batches.Add(new ActivityBatch(partition));
            }

            batches[^1]._records.Add((row, sum, record));
            batches[^1]._sums.Add(sum);
        }

        return batches;
    }

    /// <summary>The two halves, for when the service refuses the whole and does not say why.</summary>
    public (ActivityBatch First, ActivityBatch Second) Halve()
    {
        var (first, second) = (new ActivityBatch(partition), new ActivityBatch(partition));
        first._records.AddRange(_records.Take(_records.Count / 2));
        second._records.AddRange(_records.Skip(_records.Count / 2));
        return (first, second);
    }

    public void Drop(Predicate<string> row) => _records.RemoveAll(item => row(item.Row));

    /// <summary>
    /// Inserts for the records, then the sums with these records on top, each guarded by the ETag that was read.
    /// </summary>
    /// <param name="stored">The sums as they are in the table, by row key.</param>
    public List<TableTransactionAction> Actions(IReadOnlyDictionary<string, TableEntity> stored)
    {
        var actions = _records.ConvertAll(item => new TableTransactionAction(TableTransactionActionType.Add, ActivityRow.Of(item.Record, partition, item.Row)));
        foreach (var group in _records.GroupBy(item => item.Sum, item => item.Record, StringComparer.Ordinal))
        {
            var row = group.Key;
            var before = stored.GetValueOrDefault(row);
            var first = before is null ? DailyUsage.For(group.First()) : UsageRow.Read(before);
            var sums = group.Aggregate(first, (usage, record) => usage.With(record));
            var entity = UsageRow.Of(sums, partition, row);
            actions.Add(before is null
                ? new TableTransactionAction(TableTransactionActionType.Add, entity)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, before.ETag));
        }

        return actions;
    }

    private bool HasRoom(string sum) => _records.Count + _sums.Count + (_sums.Contains(sum) ? 1 : 2) <= 100;
}
