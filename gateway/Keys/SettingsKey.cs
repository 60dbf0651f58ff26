using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Keys;

/// <summary>The management key whose hash is in the settings; it may have any form.</summary>
/// <param name="hash">SHA-256, lower-case hex; null or empty where none is set.</param>
public sealed class SettingsKey(string? hash)
{
    public bool Is(string secret) => !string.IsNullOrEmpty(hash)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyHash.Of(secret).Hex), Encoding.ASCII.GetBytes(hash));
}
