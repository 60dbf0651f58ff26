namespace Freeway.Gateway.Identity;

/// <summary>
/// Stores which key a secret belongs to, by the secret's hash. A pointer and no more: a secret opens what it points to
/// only while the key's document has it among its secrets, so a pointer that is left behind is harmless. Outage stance:
/// it throws.
/// </summary>
public interface ISecretStore
{
    /// <summary>The API key or management key, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Subject?> FindAsync(KeyHash hash, CancellationToken cancellation);

    /// <summary>Saves the pointer from a secret's hash to its key. To save a pointer twice changes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task SaveAsync(KeyHash hash, Subject key, CancellationToken cancellation);
}
