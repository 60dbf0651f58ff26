using System.Buffers;
using System.Globalization;
using System.Text;

namespace Freeway.Adapters.Tables;

/// <summary>
/// Builds partition and row keys from any text and takes them apart again. What Table Storage forbids in keys
/// (<c>/ \ # ? %</c>, control characters), what makes trouble there (<c>'</c>, lone surrogates, a space or dot at the
/// end) and our own separator become <c>!2f</c>, or <c>!u</c> and four digits above 255; everything else stays legible.
/// </summary>
/// <remarks>
/// Distinct texts have distinct keys. The service compares keys by UTF-16 code unit; so keys sort as their texts do up
/// to the first escaped character, which sorts as <c>!</c>, before digits and letters. <c>|</c> sorts after them: where
/// the parts of two joined keys differ in length, the shorter part comes last. Use parts of fixed width where order
/// matters.
/// </remarks>
public static class TableKey
{
    /// <summary>The character between the parts of a joined key.</summary>
    public const char Separator = '|';

    /// <summary>The longest key, in UTF-16 code units; the service allows 1 KiB.</summary>
    public const int MaxLength = 512;

    private const char Mark = '!';
    private const string Troublesome = "/\\#?%'|!";

    /// <summary>The characters that stand for themselves wherever they are; most keys have no others.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:@");

    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = FirstToEscape(text);
        if (start < 0)
        {
            return text;
        }

        var key = new StringBuilder(text, 0, start, text.Length + 32);
        for (var i = start; i < text.Length; i++)
        {
            if (MustEscape(text, i))
            {
                var unit = (int)text[i];
                key.Append(Mark).Append(unit <= byte.MaxValue
                    ? unit.ToString("x2", CultureInfo.InvariantCulture)
                    : "u" + unit.ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                key.Append(text[i]);
            }
        }

        return key.ToString();
    }

    /// <exception cref="FormatException">The key was not made by <see cref="Escape"/>.</exception>
    public static string Unescape(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Contains(Mark, StringComparison.Ordinal))
        {
            return key;
        }

        var text = new StringBuilder(key.Length);
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] is not Mark)
            {
                text.Append(key[i]);
                continue;
            }

            var wide = i + 1 < key.Length && key[i + 1] is 'u';
            var (start, digits) = wide ? (i + 2, 4) : (i + 1, 2);
            if (start + digits > key.Length
                || !ushort.TryParse(key.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                throw new FormatException($"'{key}' is not an escaped key: a '{Mark}' is not followed by hex digits.");
            }

            text.Append((char)unit);
            i = start + digits - 1;
        }

        return text.ToString();
    }

    /// <summary>Escapes each part and joins them.</summary>
    /// <exception cref="TableKeyTooLongException">The key would be longer than <see cref="MaxLength"/>.</exception>
    public static string Join(params ReadOnlySpan<string> parts)
    {
        var escaped = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            escaped[i] = Escape(parts[i]);
        }

        var key = string.Join(Separator, escaped);
        return key.Length <= MaxLength ? key : throw new TableKeyTooLongException(key.Length);
    }

    /// <summary>The parts that <see cref="Join"/> was given.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="Join"/>.</exception>
    public static string[] Split(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Array.ConvertAll(key.Split(Separator), Unescape);
    }

    /// <summary>Builds the closed beginning of a range query over the keys that have these leading parts.</summary>
    public static string From(params ReadOnlySpan<string> parts) => Join(parts) + Separator;

    /// <summary>Builds the open end of a range query over the keys that have these leading parts.</summary>
    public static string Until(params ReadOnlySpan<string> parts) => Join(parts) + (char)(Separator + 1);

    private static int FirstToEscape(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return -1;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (MustEscape(text, i))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool MustEscape(string text, int index)
    {
        var unit = text[index];
        return Troublesome.Contains(unit, StringComparison.Ordinal)
            || char.IsControl(unit)
            || unit is '\uFFFE' or '\uFFFF'
            || (unit is ' ' or '.' && index == text.Length - 1)
            || (char.IsHighSurrogate(unit) && !(index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])))
            || (char.IsLowSurrogate(unit) && !(index > 0 && char.IsHighSurrogate(text[index - 1])));
    }
}

/// <summary>A text can be no key, however often one tries.</summary>
public sealed class TableKeyTooLongException(int length)
    : ArgumentException($"A key of {length} characters is longer than the {TableKey.MaxLength} that a table takes.");
