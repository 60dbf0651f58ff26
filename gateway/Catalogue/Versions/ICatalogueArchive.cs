namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// The contents of versions, and what is known of them. All writes may be repeated, by several processes at once, and come to
/// the same. Nothing here counts by itself: a version exists once the <see cref="CatalogueHead"/> has named it.
/// Outage stance: it throws; the last known catalogue is used meanwhile.
/// </summary>
public interface ICatalogueArchive
{
    /// <summary>Stores a content whole.</summary>
    /// <returns>The name under which it is read.</returns>
    /// <exception cref="IOException">The store is out of reach. A part of it may be there, which nobody sees.</exception>
    Task<string> StoreAsync(CatalogueBundle content, CancellationToken cancellation);

    /// <summary>A content; null where it is not there, or not all of it.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueBundle?> ReadAsync(string stored, CancellationToken cancellation);

    /// <summary>Enters a version that the head has named into the list.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task EnterAsync(CatalogueVersion version, CancellationToken cancellation);

    /// <summary>An entered version, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueVersion?> FindAsync(int number, CancellationToken cancellation);

    /// <summary>The entered version with this content, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueVersion?> FindAsync(string hash, CancellationToken cancellation);

    /// <summary>Entered versions, newest first.</summary>
    /// <param name="below">Only those with smaller numbers.</param>
    /// <param name="limit">1 to 1000.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<CatalogueVersion>> ListAsync(int below, int limit, CancellationToken cancellation);
}
