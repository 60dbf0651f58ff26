using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Freeway.Gateway.Identity;

/// <summary>A place in the audit: all records are in one order, by time and then by id.</summary>
public sealed record AuditPosition(DateTimeOffset Time, string Id)
{
    private const int LongestId = 64;

    public static AuditPosition Of(AuditRecord record) => new(record.Time, record.Id);

    /// <summary>Writes the position for callers, who are not to read it.</summary>
    public string ToCursor() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks} {Id}")));

    /// <summary>Reads a position that a caller sends back; null where it is none of ours.</summary>
    public static AuditPosition? FromCursor(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is [var ticks, { Length: > 0 and <= LongestId } id]
                && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTimeOffset.MaxValue.Ticks
                ? new AuditPosition(new DateTimeOffset(time, TimeSpan.Zero), id)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
