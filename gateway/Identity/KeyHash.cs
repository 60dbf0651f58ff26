using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Identity;

/// <summary>SHA-256 of a key's secret, lower-case hex. Secrets are 256-bit random, so no salt is needed.</summary>
public readonly record struct KeyHash(string Hex)
{
    public static KeyHash Of(string secret) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    public override string ToString() => Hex;
}

/// <summary>The management key whose hash is in the settings; it may have any form.</summary>
/// <param name="hash">SHA-256, lower-case hex; null or empty where none is set.</param>
public sealed class BootstrapKey(string? hash)
{
    public bool Is(string secret) => !string.IsNullOrEmpty(hash)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyHash.Of(secret).Hex), Encoding.ASCII.GetBytes(hash));
}
