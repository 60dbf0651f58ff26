namespace Freeway.EmbeddedTables;

/// <summary>Keys as bytes that sort as the service sorts the keys: by UTF-16 code unit.</summary>
/// <remarks>
/// Each code unit is written as UTF-8 writes a character of that number, a surrogate in three bytes of its own.
/// Ordinary keys are thus legible UTF-8 in the file, and a lone surrogate keeps its identity.
/// </remarks>
internal static class KeyBytes
{
    /// <summary>The bytes that sort before every key.</summary>
    public static readonly byte[] First = [];

    /// <summary>The bytes that sort after every key: no encoded key begins with this byte.</summary>
    public static readonly byte[] End = [0xFF];

    public static byte[] Encode(string key)
    {
        var length = 0;
        foreach (var unit in key)
        {
            length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        }

        var bytes = new byte[length];
        var at = 0;
        foreach (var unit in key)
        {
            if (unit < 0x80)
            {
                bytes[at++] = (byte)unit;
            }
            else if (unit < 0x800)
            {
                bytes[at++] = (byte)(0xC0 | (unit >> 6));
                bytes[at++] = (byte)(0x80 | (unit & 0x3F));
            }
            else
            {
                bytes[at++] = (byte)(0xE0 | (unit >> 12));
                bytes[at++] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                bytes[at++] = (byte)(0x80 | (unit & 0x3F));
            }
        }

        return bytes;
    }

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var units = bytes.Length <= 1024 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        var count = 0;
        for (var at = 0; at < bytes.Length; count++)
        {
            var lead = bytes[at];
            if (lead < 0x80)
            {
                units[count] = (char)lead;
                at++;
            }
            else if (lead < 0xE0)
            {
                units[count] = (char)(((lead & 0x1F) << 6) | (bytes[at + 1] & 0x3F));
                at += 2;
            }
            else
            {
                units[count] = (char)(((lead & 0x0F) << 12) | ((bytes[at + 1] & 0x3F) << 6) | (bytes[at + 2] & 0x3F));
                at += 3;
            }
        }

        return new string(units[..count]);
    }

    /// <summary>The first possible key after this one, so that every range can be half open.</summary>
    public static byte[] After(byte[] key) => [.. key, 0];
}
