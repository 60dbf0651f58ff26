using System.Buffers.Text;
using System.Text.Unicode;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Reads JSON strings piece by piece, as the text that they stand for.</summary>
public static class WrittenText
{
    /// <summary>Reads as much as fits.</summary>
    /// <param name="written">
    /// The rest of a JSON string without its quotes: valid UTF-8, its escapes as they stand. It begins with a character
    /// or with an escape.
    /// </param>
    /// <param name="text">Where the text goes; two units at least.</param>
    /// <param name="consumed">The bytes that were read, 1 at least.</param>
    /// <returns>The number of UTF-16 units. Half a surrogate pair stays what it is.</returns>
    public static int Read(ReadOnlySpan<byte> written, Span<char> text, out int consumed)
    {
        var (at, length) = (0, 0);
        while (at < written.Length && length < text.Length)
        {
            if (written[at] is (byte)'\\')
            {
                text[length++] = Escaped(written[at..], out var size);
                at += size;
                continue;
            }

            var rest = written[at..];
            var plain = rest.IndexOf((byte)'\\');
            Utf8.ToUtf16(plain < 0 ? rest : rest[..plain], text[length..], out var read, out var units);
            if (read is 0)
            {
                break; // one unit is left, and the next character needs two
            }

            (at, length) = (at + read, length + units);
        }

        consumed = at;
        return length;
    }

    private static char Escaped(ReadOnlySpan<byte> escape, out int size)
    {
        size = 2;
        switch (escape[1])
        {
            case (byte)'n':
                return '\n';
            case (byte)'t':
                return '\t';
            case (byte)'r':
                return '\r';
            case (byte)'b':
                return '\b';
            case (byte)'f':
                return '\f';
            case (byte)'u':
                size = 6;
                return Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : '\uFFFD';
            default:
                return (char)escape[1];
        }
    }
}
