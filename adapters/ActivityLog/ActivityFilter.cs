using Azure.Data.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>A query as the table service understands it.</summary>
internal static class ActivityFilter
{
    public static string Of(string partition, ActivityQuery query)
    {
        var rows = new List<string> { TableClient.CreateQueryFilter($"PartitionKey eq {partition}") };
        var first = query.To is { } to && to > DateTimeOffset.MinValue ? ActivityKeys.RecordsFrom(to.AddTicks(-1)) : ActivityKeys.RecordsFromStart();
        rows.Add(TableClient.CreateQueryFilter($"RowKey ge {first}"));
        if (query.After is { } after)
        {
            var last = ActivityKeys.RecordRow(after.Time, after.Id);
            rows.Add(TableClient.CreateQueryFilter($"RowKey gt {last}"));
        }

        var end = query.From is { } from ? ActivityKeys.RecordsUntil(from) : ActivityKeys.RecordsUntilEnd();
        rows.Add(TableClient.CreateQueryFilter($"RowKey lt {end}"));
        Match(rows, nameof(query.Model), query.Model);
        Match(rows, nameof(query.Tier), query.Tier);
        Match(rows, nameof(query.Key), query.Key);
        if (query.Status is { } status)
        {
            rows.Add(TableClient.CreateQueryFilter($"Status eq {status}"));
        }

        return string.Join(" and ", rows);
    }

    private static void Match(List<string> rows, string column, string? value)
    {
        if (value is not null)
        {
            rows.Add($"{column} eq {TableClient.CreateQueryFilter($"{value}")}");
        }
    }
}
