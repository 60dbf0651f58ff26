using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Freeway.Gateway.Core;

/// <summary>
/// Writes places in lists for callers, who send them back and are not to read them: two parts, in Base64 for URLs.
/// </summary>
public static class OpaqueCursor
{
    /// <summary>The longest cursor, in characters; a longer one is none of ours.</summary>
    private const int Longest = 4096;

    private const char Between = '.';

    /// <summary>Writes a place in a list that is sorted by time and then by id.</summary>
    public static string Write(DateTimeOffset time, string id) =>
        Write(time.UtcTicks.ToString(CultureInfo.InvariantCulture), id);

    /// <summary>Writes a place of two parts.</summary>
    /// <param name="first">A text without a dot.</param>
    /// <param name="second">Any text.</param>
    public static string Write(string first, string second) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{first}{Between}{second}"));

    /// <summary>Reads a place in a list that is sorted by time and then by id.</summary>
    /// <param name="text">The cursor as a caller sent it.</param>
    /// <param name="longestId">In characters; an id has one at least.</param>
    /// <param name="time">UTC, to a tick.</param>
    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryRead(string text, int longestId, out DateTimeOffset time, out string id)
    {
        time = default;
        if (!TryRead(text, out var ticks, out id)
            || id.Length is 0
            || id.Length > longestId
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(number, TimeSpan.Zero);
        return true;
    }

    /// <summary>Reads a place of two parts.</summary>
    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryRead(string text, out string first, out string second)
    {
        ArgumentNullException.ThrowIfNull(text);
        (first, second) = ("", "");
        if (text.Length > Longest
            || !Base64Url.IsValid(text)
            || Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Between, 2) is not [var one, var other])
        {
            return false;
        }

        (first, second) = (one, other);
        return true;
    }
}
