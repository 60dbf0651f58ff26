using System.Buffers.Text;
using System.Text.Json;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// Reads single values, or says what they must be. What is written as null leaves the value as it was.
/// </summary>
internal static class RequestValues
{
    public static Refusal? Flag(ref Utf8JsonReader json, string name, out bool flag)
    {
        flag = json.TokenType is JsonTokenType.True;
        return flag || json.TokenType is JsonTokenType.False or JsonTokenType.Null
            ? null
            : Refuse.InvalidField(name, $"'{name}' must be true or false.");
    }

    public static Refusal? Number(ref Utf8JsonReader json, string name, int most, ref int number)
    {
        if (json.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType is not JsonTokenType.Number || !json.TryGetInt32(out var written) || written < 1 || written > most)
        {
            return Refuse.InvalidField(name, $"'{name}' must be a whole number from 1 to {most}.");
        }

        number = written;
        return null;
    }

    public static Refusal? Text(ref Utf8JsonReader json, string name, string example, ref string? text)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return Refuse.InvalidField(name, $"'{name}' must be a string such as \"{example}\".");
        }

        text = json.GetString() ?? text;
        return null;
    }
}

/// <summary>
/// Counts the characters of a text: Unicode scalar values, so that an accented letter may be one or two and every emoji
/// of one code point is one, whichever way it is written.
/// </summary>
internal static class Characters
{
    /// <param name="written">A JSON string without its quotes: valid UTF-8, its escapes as they stand.</param>
    public static long Of(ReadOnlySpan<byte> written)
    {
        var count = 0L;
        for (var at = 0; at < written.Length;)
        {
            if (written[at] is not (byte)'\\')
            {
                count += (written[at++] & 0xC0) is 0x80 ? 0 : 1;
                continue;
            }

            var unicode = written[at + 1] is (byte)'u';
            count += unicode && IsLowHalf(written.Slice(at + 2, 4)) ? 0 : 1;
            at += unicode ? 6 : 2;
        }

        return count;
    }

    /// <summary>The second half of a surrogate pair: the two of them are one character.</summary>
    private static bool IsLowHalf(ReadOnlySpan<byte> hex) =>
        Utf8Parser.TryParse(hex, out ushort unit, out _, 'x') && char.IsLowSurrogate((char)unit);
}
