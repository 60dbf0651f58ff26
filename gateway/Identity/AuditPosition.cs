using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>A place in the audit: all records are in one order, by time and then by id.</summary>
public sealed record AuditPosition(DateTimeOffset Time, string Id)
{
    private const int LongestId = 64;

    public static AuditPosition Of(AuditRecord record) => new(record.Time, record.Id);

    /// <summary>Writes the position for callers, who are not to read it.</summary>
    public string ToCursor() => OpaqueCursor.Write(Time, Id);

    /// <summary>Reads a position that a caller sends back; null where it is none of ours.</summary>
    public static AuditPosition? FromCursor(string cursor) =>
        OpaqueCursor.TryRead(cursor, LongestId, out var time, out var id) ? new AuditPosition(time, id) : null;
}
