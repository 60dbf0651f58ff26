namespace Freeway.Gateway.Keys;

/// <summary>Management keys by their secrets. Outage stance: it throws, and nobody gets in but the holder of the settings' key.</summary>
public interface IManagementKeyStore
{
    /// <summary>The key with this hash, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<ManagementKey?> FindAsync(KeyHash hash, CancellationToken cancellation);
}
