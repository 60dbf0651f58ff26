using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Adapters.Identity;

/// <summary>
/// Documents, audit records and carried-out commands as rows; those of one kind share a partition, so that one
/// transaction can hold all three.
/// </summary>
internal static class DocumentRows
{
    public const string Doc = "doc";
    public const string Audit = "audit";
    public const string Once = "once";

    private const string Json = "Json";

    public static string Key(Subject subject) => TableKey.Join([Doc, .. subject.Path]);

    /// <summary>Newer records sort before older ones.</summary>
    public static string Key(AuditPosition position) => TableKey.Join(Audit, From(position.Time), position.Id);

    /// <summary>The part of an audit record's key that comes of its time.</summary>
    public static string From(DateTimeOffset time) => (DateTimeOffset.MaxValue.Ticks - time.UtcTicks).ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    public static string OnceKey(string key) => TableKey.Join(Once, key);

    public static TableEntity OfDocument(DocumentChange change)
    {
        var row = Named(change.Audit.Subject, Key(change.Audit.Subject));
        row["Revision"] = change.Audit.Id;
        row["ChangedAt"] = change.Audit.Time;
        LongText.Write(row, Json, change.Json);
        return row;
    }

    public static Document Document(TableEntity row) => new(Subject(row), LongText.Read(row, Json)!, row.GetString("Revision"), row.ETag.ToString());

    public static TableEntity OfAudit(AuditRecord record)
    {
        var row = Named(record.Subject, Key(AuditPosition.Of(record)));
        row["Id"] = record.Id;
        // Written out: the service keeps ten millionths of a second, and so must whoever pages by time.
        row["Time"] = record.Time;
        row["By"] = record.By;
        row["Action"] = record.Action;
        LongText.Write(row, "Before", record.Before);
        LongText.Write(row, "After", record.After);
        return row;
    }

    public static AuditRecord Record(TableEntity row) => new(
        row.GetString("Id"),
        row.GetDateTimeOffset("Time")!.Value,
        row.GetString("By"),
        row.GetString("Action"),
        Subject(row),
        LongText.Read(row, "Before"),
        LongText.Read(row, "After"));

    public static TableEntity OfOnce(CommandIdempotency once, AuditRecord audit)
    {
        var row = Named(audit.Subject, OnceKey(once.Key));
        row["Asked"] = once.Asked;
        row["Revision"] = audit.Id;
        LongText.Write(row, "Answer", once.Answer);
        return row;
    }

    public static CompletedCommand Repeated(TableEntity row) => new(
        new CommandIdempotency(TableKey.Split(row.RowKey)[1], row.GetString("Asked"), LongText.Read(row, "Answer")), Subject(row), row.GetString("Revision"));

    private static TableEntity Named(Subject subject, string key) => new(subject.Kind.WireName(), key)
    {
        ["SubjectId"] = subject.Id,
        ["SubjectOrg"] = subject.Org,
    };

    private static Subject Subject(TableEntity row) => new(
        WireNames.Of<SubjectKind>().Find(row.PartitionKey)!.Value, row.GetString("SubjectId"), row.GetString("SubjectOrg"));
}
