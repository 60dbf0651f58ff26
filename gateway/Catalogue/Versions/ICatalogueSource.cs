namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>Where the current catalogue is had.</summary>
public interface ICatalogueSource
{
    /// <summary>Looks whether there is another. Calls do not overlap.</summary>
    /// <exception cref="IOException">The store is out of reach, or nothing that can be served has been found yet.</exception>
    Task<CatalogueSight> LookAsync(CancellationToken cancellation);
}
