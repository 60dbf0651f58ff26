using System.Globalization;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// The keys of table <c>activity</c>. Partition: <c>org|2026-11</c>. Rows: <c>record|{inverted ticks}|{id}</c>, which
/// sorts newest first, <c>refusal|{inverted ticks of the minute}|{reason}|{writer}</c> likewise, and
/// <c>usage|2026-11-21|{tier}|{model}|{key}</c>. They follow from what they hold alone: the same record always meets
/// itself.
/// </summary>
internal static class ActivityKeys
{
    private const string Record = "record";
    private const string Usage = "usage";
    private const string Refusal = "refusal";

    public static string Partition(string org, DateOnly month) => TableKey.Join(org, Month(month));

    /// <summary>
    /// Builds the partition key at which an org's months begin; they end at <see cref="PartitionsUntil(string)"/>.
    /// </summary>
    public static string PartitionsFrom(string org) => TableKey.From(org);

    public static string PartitionsUntil(string org) => TableKey.Until(org);

    /// <summary>
    /// Builds the partition key at which an org's month begins, with later ones behind it and earlier ones before.
    /// </summary>
    public static string PartitionsUntil(string org, DateOnly month) => TableKey.Join(org, Month(month));

    public static bool IsRecord(string row) => row.StartsWith(Record + TableKey.Separator, StringComparison.Ordinal);

    public static string UsageFrom() => TableKey.From(Usage);

    public static string UsageUntil() => TableKey.Until(Usage);

    public static DateOnly MonthOf(string partition) =>
        DateOnly.ParseExact(TableKey.Split(partition)[1], "yyyy-MM", CultureInfo.InvariantCulture);

    public static DateOnly MonthOf(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1);

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    public static string RecordRow(DateTimeOffset time, string id) => TableKey.Join(Record, Inverted(time.UtcTicks), id);

    /// <summary>Builds the row key at which the records of this time and earlier begin.</summary>
    public static string RecordsFrom(DateTimeOffset time) => TableKey.From(Record, Inverted(time.UtcTicks));

    /// <summary>Builds the row key at which the records of this time and later end.</summary>
    public static string RecordsUntil(DateTimeOffset time) => TableKey.Until(Record, Inverted(time.UtcTicks));

    public static string RecordsUntilEnd() => TableKey.Until(Record);

    public static string RecordsFromStart() => TableKey.From(Record);

    public static string RefusalRow(RefusalKey key, string writer) =>
        TableKey.Join(Refusal, Inverted(key.Minute.UtcTicks), RefusalCursor.ReasonOf(key), writer);

    /// <summary>Builds the row key at which the refusals of this minute and earlier begin.</summary>
    public static string RefusalsFrom(DateTimeOffset minute) => TableKey.From(Refusal, Inverted(minute.UtcTicks));

    public static string RefusalsFromStart() => TableKey.From(Refusal);

    /// <summary>Builds the row key at which the refusals of this minute and reason end.</summary>
    public static string RefusalsUntil(RefusalCursor place) => TableKey.Until(Refusal, Inverted(place.Minute.UtcTicks), place.Reason);

    /// <summary>Builds the row key at which the refusals of this minute and later end.</summary>
    public static string RefusalsUntil(DateTimeOffset minute) => TableKey.Until(Refusal, Inverted(minute.UtcTicks));

    public static string RefusalsUntilEnd() => TableKey.Until(Refusal);

    public static string UsageRow(DailyUsage usage) => TableKey.Join(Usage, Day(usage.Day), usage.Tier, usage.Model, usage.Key);

    public static string UsageFrom(DateOnly day) => TableKey.From(Usage, Day(day));

    public static string UsageUntil(DateOnly day) => TableKey.Until(Usage, Day(day));

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Inverted(long ticks) => (DateTime.MaxValue.Ticks - ticks).ToString("D19", CultureInfo.InvariantCulture);
}
