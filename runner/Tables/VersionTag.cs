using System.Globalization;
using Azure;

namespace Freeway.EmbeddedTables;

/// <summary>An entity's version: its timestamp in ticks, which its ETag spells as the service does.</summary>
internal static class VersionTag
{
    /// <summary>The condition that any version fulfils.</summary>
    public const long Any = -1;

    private const string Prefix = "W/\"datetime'";
    private const string Suffix = "'\"";
    private const string Form = "yyyy-MM-dd'T'HH'%3A'mm'%3A'ss.fffffff'Z'";

    public static string Text(long version) =>
        Prefix + new DateTime(version, DateTimeKind.Utc).ToString(Form, CultureInfo.InvariantCulture) + Suffix;

    /// <returns>False where the text is no ETag of the service.</returns>
    public static bool TryRead(ETag tag, out long version)
    {
        version = Any;
        if (tag == ETag.All)
        {
            return true;
        }

        var text = tag.ToString("H");
        var isWrapped = text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.EndsWith(Suffix, StringComparison.Ordinal);
        if (!isWrapped || text.Length <= Prefix.Length + Suffix.Length)
        {
            return false;
        }

        var isTime = DateTime.TryParseExact(
            text.AsSpan(Prefix.Length, text.Length - Prefix.Length - Suffix.Length),
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out var time);
        version = time.Ticks;
        return isTime;
    }
}
