using System.Runtime.CompilerServices;
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
        Match(rows, nameof(query.EndUser), query.EndUser);
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

/// <summary>The months of an org's activity in the order in which they are searched.</summary>
internal static class ActivityMonths
{
    /// <summary>Clocks of other instances may be ahead of ours by at most this.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>The latest moment of which there can be anything to find.</summary>
    /// <param name="bounds">Those that are given.</param>
    public static DateTimeOffset Newest(DateTimeOffset now, params ReadOnlySpan<DateTimeOffset?> bounds)
    {
        var newest = now + Ahead;
        foreach (var bound in bounds)
        {
            newest = bound < newest ? bound.Value : newest;
        }

        return newest;
    }

    /// <summary>
    /// Lists the months from this one back to that of <paramref name="from"/> or the org's first, whichever is later.
    /// The org's first is looked up only when the first month was not enough.
    /// </summary>
    public static async IAsyncEnumerable<DateOnly> NewestFirst(
        TableClient table, string org, DateOnly newest, DateTimeOffset? from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return newest;
        var oldest = from is { } asked && ActivityKeys.MonthOf(asked) >= newest
            ? newest
            : await OldestAsync(table, org, newest, from, cancellation).ConfigureAwait(false);
        for (var month = newest; month > oldest;)
        {
            month = month.AddMonths(-1);
            yield return month;
        }
    }

    private static async Task<DateOnly> OldestAsync(TableClient table, string org, DateOnly newest, DateTimeOffset? from, CancellationToken cancellation)
    {
        var (first, end) = (ActivityKeys.PartitionsFrom(org), ActivityKeys.PartitionsUntil(org));
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {end}");
        var row = await table.QueryAsync<TableEntity>(filter, 1, ["PartitionKey"], cancellation)
            .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        var begun = row is null ? newest : ActivityKeys.MonthOf(row.PartitionKey);
        return from is { } asked && ActivityKeys.MonthOf(asked) > begun ? ActivityKeys.MonthOf(asked) : begun;
    }
}
