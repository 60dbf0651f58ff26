using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Keys;

/// <summary>SHA-256 of a key's secret, lower-case hex. Secrets are 256-bit random, so no salt is needed.</summary>
public readonly record struct KeyHash(string Hex)
{
    public static KeyHash Of(string secret) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    public override string ToString() => Hex;
}
