using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Freeway.Gateway.ActivityLog;

/// <summary>A place in an org's log: just after this record, on the way from new to old. Opaque to callers.</summary>
public readonly record struct ActivityCursor(DateTimeOffset Time, string Id)
{
    public static ActivityCursor After(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(record.Time, record.Id);
    }

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out ActivityCursor cursor)
    {
        cursor = default;
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 8 * ActivityBounds.Id || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.', 2);
        if (parts is not [var time, { Length: > 0 and <= ActivityBounds.Id } id]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        cursor = new(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        return true;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks}.{Id}")));
}
