using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Keys;

/// <summary>The operator's key, known by its hash alone. Without a hash nobody is the operator.</summary>
/// <param name="hash">SHA-256 of the key, lower-case hex; null or empty where none is set.</param>
public sealed class AdminKey(string? hash)
{
    /// <summary>Null where this secret is the operator's.</summary>
    public Refusal? Refuse(string? secret) =>
        string.IsNullOrEmpty(secret) ? Refusals.Refuse.InvalidApiKey(missing: true)
        : !string.IsNullOrEmpty(hash) && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyHash.Of(secret).Hex), Encoding.ASCII.GetBytes(hash))
            ? null
            : Refusals.Refuse.InvalidApiKey(missing: false);
}
