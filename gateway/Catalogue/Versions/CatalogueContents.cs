namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>The contents of versions; that of the file which this process started with is at hand.</summary>
public sealed class CatalogueContents(ICatalogueArchive archive, FileCatalogue file)
{
    /// <exception cref="IOException">The store is out of reach, or does not have it.</exception>
    public async Task<CatalogueBundle> ReadAsync(CatalogueVersion version, CancellationToken cancellation) =>
        version.Hash == file.Bundle.Hash ? file.Bundle
        : await archive.ReadAsync(version.Stored, cancellation)
            ?? throw new IOException($"The content of version {version.Number} of the catalogue is not in the store.");
}
