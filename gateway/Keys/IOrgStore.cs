namespace Freeway.Gateway.Keys;

/// <summary>Orgs one by one. Outage stance: it throws, and nothing has changed or the same change can be made again.</summary>
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
