namespace Freeway.Gateway.Identity;

/// <summary>Orgs and keys. Outage stance: a key that cannot be looked up is answered 503, never let through.</summary>
public interface IKeyStore
{
    /// <summary>Finds a key that is remembered, so that nobody has to wait; null where it has to be looked up.</summary>
    Caller? Remembered(KeyHash hash) => null;

    /// <summary>The key with this hash and its org, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation);

    /// <summary>Writes the org and the key, replacing what was there.</summary>
    Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation);

    /// <summary>Every org, in no particular order.</summary>
    IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation);
}

/// <summary>
/// Orgs one by one. Outage stance: it throws, and nothing has changed or the same change can be made again.
/// </summary>
public interface IOrgStore
{
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Org?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Changes an org under its ETag, again where another was first.</summary>
    /// <param name="change">May be called several times.</param>
    /// <returns>The org as it is now; null where there is none.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation);
}
