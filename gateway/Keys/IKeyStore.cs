namespace Freeway.Gateway.Keys;

/// <summary>Orgs and keys. Outage stance: a key that cannot be looked up is answered 503, never let through.</summary>
public interface IKeyStore
{
    /// <summary>The key with this hash and its org, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation);

    /// <summary>Writes the org and the key, replacing what was there.</summary>
    Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation);

    /// <summary>Every org, in no particular order.</summary>
    IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation);
}
