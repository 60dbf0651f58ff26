using System.Buffers.Text;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Measures the strings of a JSON text without making them.</summary>
internal static class JsonText
{
    /// <summary>The UTF-8 bytes of the string that the reader stands at, escapes resolved.</summary>
    public static long Length(ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? Unescaped(json.ValueSpan) : json.ValueSpan.Length;

    /// <summary>
    /// The UTF-8 bytes of one UTF-16 unit. Half a surrogate pair counts for 2: both make one character of 4.
    /// </summary>
    public static int Utf8Length(ushort unit) => unit switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        >= 0xD800 and <= 0xDFFF => 2,
        _ => 3,
    };

    private static long Unescaped(ReadOnlySpan<byte> text)
    {
        long length = text.Length;
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0;)
        {
            var hasDigits = text[at + 1] is (byte)'u';
            var escape = hasDigits ? 6 : 2;
            length -= escape - (hasDigits ? Of(text.Slice(at + 2, 4)) : 1);
            text = text[(at + escape)..];
        }

        return length;
    }

    private static int Of(ReadOnlySpan<byte> hex) => Utf8Parser.TryParse(hex, out ushort unit, out _, 'x') ? Utf8Length(unit) : 0;
}
