namespace Freeway.Gateway.Keys;

/// <summary>The secrets of one key.</summary>
public static class StoredSecrets
{
    /// <summary>Whether a secret works at this moment.</summary>
    public static bool Opens(this IReadOnlyList<StoredSecret> secrets, KeyHash hash, DateTimeOffset now) =>
        secrets.Any(secret => secret.Hash == hash && !(secret.EndsAt <= now));
}
