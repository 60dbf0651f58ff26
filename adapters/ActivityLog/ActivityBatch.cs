using Azure.Data.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Records of one org and month that go into one transaction together with their days' sums.</summary>
internal sealed class ActivityBatch(string partition)
{
    private readonly List<(string Row, ActivityRecord Record)> _records = [];
    private readonly HashSet<string> _sums = new(StringComparer.Ordinal);

    public string Partition => partition;

    /// <summary>In the order in which they stand in the transaction, before the sums.</summary>
    public IReadOnlyList<(string Row, ActivityRecord Record)> Records => _records;

    /// <summary>The rows of the sums to which the records count, in the order of the table.</summary>
    public IReadOnlyList<string> Sums() =>
        [.. _records.Select(item => ActivityKeys.UsageRow(DailyUsage.For(item.Record))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Splits records into batches of at most a hundred rows. <see cref="ActivityBounds"/> keeps those below 4 MiB.</summary>
    public static IReadOnlyList<ActivityBatch> Of(string partition, IEnumerable<(string Row, string Sum, ActivityRecord Record)> records)
    {
        var batches = new List<ActivityBatch>();
        foreach (var (row, sum, record) in records)
        {
            if (batches.Count is 0 || !batches[^1].HasRoom(sum))
            {
                batches.Add(new ActivityBatch(partition));
            }

            batches[^1]._records.Add((row, record));
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

    /// <summary>Inserts for the records, then the sums with these records on top, each guarded by the ETag that was read.</summary>
    /// <param name="stored">The sums as they are in the table, by row key.</param>
    public List<TableTransactionAction> Actions(IReadOnlyDictionary<string, TableEntity> stored)
    {
        var actions = _records.ConvertAll(item => new TableTransactionAction(TableTransactionActionType.Add, ActivityRow.Of(item.Record, partition)));
        foreach (var group in _records.GroupBy(item => DailyUsage.For(item.Record)))
        {
            var row = ActivityKeys.UsageRow(group.Key);
            var before = stored.GetValueOrDefault(row);
            var sums = group.Aggregate(before is null ? group.Key : UsageRow.Read(before), (usage, item) => usage.With(item.Record));
            var entity = UsageRow.Of(sums, partition, row);
            actions.Add(before is null
                ? new TableTransactionAction(TableTransactionActionType.Add, entity)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, before.ETag));
        }

        return actions;
    }

    private bool HasRoom(string sum) => _records.Count + _sums.Count + (_sums.Contains(sum) ? 1 : 2) <= 100;
}
