using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Keys;

/// <summary>Knows management keys: the first is known by the hash in the settings. Without a hash nobody is the operator.</summary>
/// <param name="hash">SHA-256 of the first key, lower-case hex; null or empty where none is set.</param>
public sealed class Operators(string? hash)
{
    /// <param name="secret">The key as it was sent, or null.</param>
    /// <param name="scope">What it must have.</param>
    public Task<Decision<Operator>> AuthenticateAsync(string? secret, AdminScope scope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var found = Find(secret);
        return Task.FromResult(found is null ? Refuse.InvalidApiKey(missing: string.IsNullOrEmpty(secret))
            : found.May(scope) ? found
            : (Decision<Operator>)Refuse.InsufficientScope(scope.ToString().ToLowerInvariant()));
    }

    private Operator? Find(string? secret) =>
        !string.IsNullOrEmpty(secret) && !string.IsNullOrEmpty(hash)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyHash.Of(secret).Hex), Encoding.ASCII.GetBytes(hash))
            ? Operator.OfSettings
            : null;
}
