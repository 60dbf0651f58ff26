using System.Buffers.Text;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>
/// Counts the characters of a text: Unicode scalar values, so that an accented letter may be one or two and every emoji of one
/// code point is one, whichever way it is written.
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
