using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Identity;

/// <summary>SHA-256 of a key's secret, lower-case hex. Secrets are 256-bit random, so no salt is needed.</summary>
public readonly record struct KeyHash(string Hex)
{
    /// <summary>The longest secret, in bytes, whose text is not copied to the heap; all that Freeway makes are shorter.</summary>
    private const int Short = 256;

    public static KeyHash Of(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var length = Encoding.UTF8.GetByteCount(secret);
        Span<byte> text = length <= Short ? stackalloc byte[Short] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        text = text[..Encoding.UTF8.GetBytes(secret, text)];
        SHA256.HashData(text, hash);
        CryptographicOperations.ZeroMemory(text);
        return new(Convert.ToHexStringLower(hash));
    }

    public override string ToString() => Hex;
}

/// <summary>The management key whose hash is in the settings; it may have any form.</summary>
/// <param name="hash">SHA-256, lower-case hex; null or empty where none is set.</param>
public sealed class BootstrapKey(string? hash)
{
    public bool Is(string secret) => !string.IsNullOrEmpty(hash)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyHash.Of(secret).Hex), Encoding.ASCII.GetBytes(hash));
}
