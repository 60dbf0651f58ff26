using System.Globalization;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Notices;

namespace Freeway.Adapters.Notices;

/// <summary>
/// Notices as rows of table <c>notices</c>, all in one partition so that a transaction holds what belongs together: a
/// notice is <c>notice|0…|ntc_…</c>, newest first, and while it waits <c>wait|0…|ntc_…</c> says when it is due.
/// </summary>
internal static class NoticeRows
{
    public const string Partition = "notices";

    /// <summary>The row of the models that were free at the last look.</summary>
    public const string FreeModels = "free-models";

    public const string NextAt = "NextAt";

    private const string NoticePart = "notice";
    private const string WaitPart = "wait";
    private const string Body = "Body";

    public static string Key(Notice notice) => TableKey.Join(NoticePart, Time(notice.Since), notice.Id);

    public static string WaitKey(Notice notice) => TableKey.Join(WaitPart, Time(notice.Since), notice.Id);

    /// <summary>The key of the notice that a waiting row stands for.</summary>
    public static string KeyOf(string waitKey) => TableKey.Join([NoticePart, .. TableKey.Split(waitKey)[1..]]);

    /// <summary>The filter of all notices after a cursor, which is the key of the last one.</summary>
    public static string Notices(string? after) =>
        Range(after is null ? TableKey.From(NoticePart) : after, TableKey.Until(NoticePart), after is not null);

    /// <summary>The filter of the notices that are older.</summary>
    public static string NoticesBefore(DateTimeOffset before) =>
        Range(TableKey.From(NoticePart, Time(before)), TableKey.Until(NoticePart), false);

    /// <summary>The filter of the rows that say what waits.</summary>
    public static string Waiting() => Range(TableKey.From(WaitPart), TableKey.Until(WaitPart), false);

    public static TableEntity Of(Notice notice)
    {
        var row = new TableEntity(Partition, Key(notice))
        {
            ["Id"] = notice.Id,
            ["Type"] = notice.Type.WireName(),
            ["Target"] = notice.Target,
            ["Since"] = notice.Since,
            ["CreatedAt"] = notice.CreatedAt,
            ["Status"] = notice.Status.WireName(),
            ["Attempts"] = notice.Attempts,
            [NextAt] = notice.NextAt,
            ["EndedAt"] = notice.EndedAt,
            ["Error"] = notice.Error,
        };
        LongText.Write(row, Body, notice.Body);
        return row;
    }

    public static TableEntity Wait(Notice notice) => new(Partition, WaitKey(notice)) { [NextAt] = notice.NextAt };

    public static Notice Read(TableEntity row) => new(
        row.GetString("Id"),
        WireNames.Of<NoticeType>().Find(row.GetString("Type"))!.Value,
        row.GetString("Target"),
        row.GetDateTimeOffset("Since")!.Value,
        row.GetDateTimeOffset("CreatedAt")!.Value,
        LongText.Read(row, Body)!)
    {
        Status = WireNames.Of<NoticeStatus>().Find(row.GetString("Status"))!.Value,
        Attempts = row.GetInt32("Attempts") ?? 0,
        NextAt = row.GetDateTimeOffset(NextAt),
        EndedAt = row.GetDateTimeOffset("EndedAt"),
        Error = row.GetString("Error"),
        ETag = row.ETag.ToString(),
    };

    private static string Range(string from, string until, bool isAfter) => isAfter
        ? TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey gt {from} and RowKey lt {until}")
        : TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {from} and RowKey lt {until}");

    /// <summary>Later times sort before earlier ones.</summary>
    private static string Time(DateTimeOffset time) =>
        (DateTimeOffset.MaxValue.Ticks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
