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

    /// <summary>A colon within the tag, which otherwise has its time in round-trip format.</summary>
    private const string Colon = "%3A";

    /// <summary>The length of a UTC time in round-trip format, e.g. <c>2026-05-29T12:00:00.0000000Z</c>.</summary>
    private const int TimeLength = 28;

    public static string Text(long version)
    {
        Span<char> time = stackalloc char[TimeLength];
        new DateTime(version, DateTimeKind.Utc).TryFormat(time, out _, "O", CultureInfo.InvariantCulture);
        return $"{Prefix}{time[..13]}{Colon}{time[14..16]}{Colon}{time[17..]}{Suffix}";
    }

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

        var escaped = text.AsSpan(Prefix.Length, text.Length - Prefix.Length - Suffix.Length);
        var isForm = escaped.Length == TimeLength + (2 * (Colon.Length - 1))
            && escaped[13..16].SequenceEqual(Colon)
            && escaped[18..21].SequenceEqual(Colon)
            && escaped[^1] is 'Z';
        if (!isForm)
        {
            return false;
        }

        Span<char> plain = stackalloc char[TimeLength];
        escaped[..13].CopyTo(plain);
        escaped[16..18].CopyTo(plain[14..]);
        escaped[21..].CopyTo(plain[17..]);
        (plain[13], plain[16]) = (':', ':');
        var isTime = DateTime.TryParseExact(
            plain, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time);
        version = time.Ticks;
        return isTime;
    }
}
