using System.Globalization;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>A day's closing as a row: partition <c>resets</c>, row <c>2912294|2026-05-29</c>, whose falling number puts the newest first.</summary>
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
