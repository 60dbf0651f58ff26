using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

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
