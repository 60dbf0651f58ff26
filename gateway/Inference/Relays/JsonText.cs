using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>Measures the strings of a JSON text without making them.</summary>
internal static class JsonText
{
    /// <summary>The UTF-8 bytes of the string that the reader stands at, escapes resolved.</summary>
    public static long Length(ref Utf8JsonReader json)
    {
        if (!json.HasValueSequence)
        {
            return json.ValueIsEscaped ? Unescaped(json.ValueSpan) : json.ValueSpan.Length;
        }

        var length = (int)json.ValueSequence.Length;
        if (!json.ValueIsEscaped)
        {
            return length;
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        json.ValueSequence.CopyTo(rented);
        var unescaped = Unescaped(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return unescaped;
    }

    private static long Unescaped(ReadOnlySpan<byte> text)
    {
        long length = text.Length;
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0;)
        {
            var escape = text[at + 1] is (byte)'u' ? 6 : 2;
            length -= escape - (escape is 2 ? 1 : Utf8Length(text.Slice(at + 2, 4)));
            text = text[(at + escape)..];
        }

        return length;
    }

    // A half of a surrogate pair counts for 2: the two of them make one character of 4 bytes.
    private static int Utf8Length(ReadOnlySpan<byte> hex) =>
        Utf8Parser.TryParse(hex, out ushort unit, out _, 'x') ? unit switch
        {
            < 0x80 => 1,
            < 0x800 => 2,
            >= 0xD800 and <= 0xDFFF => 2,
            _ => 3,
        } : 0;
}
