using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>A version of the catalogue. Versions never change, and there is one for each content.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Hash">SHA-256 of its content, lower-case hex.</param>
/// <param name="Stored">Names the content in <see cref="ICatalogueArchive"/>.</param>
/// <param name="By">The id of the management key that made it; <c>freeway</c> for a file.</param>
public sealed record CatalogueVersion(
    int Number, string Hash, string Stored, DateTimeOffset CreatedAt, string By, CatalogueSource Source, string? Comment = null);

/// <summary>The origin of a version.</summary>
public enum CatalogueSource
{
    /// <summary>A file beside the program, when a process started with it.</summary>
    File,

    /// <summary>An operator, through the admin API.</summary>
    Api,
}

/// <summary>The contents of versions; that of the file which this process started with is at hand.</summary>
public sealed class CatalogueContents(ICatalogueArchive archive, FileCatalogue file)
{
    /// <exception cref="IOException">The store is out of reach, or does not have it.</exception>
    public async Task<CatalogueBundle> ReadAsync(CatalogueVersion version, CancellationToken cancellation) =>
        version.Hash == file.Bundle.Hash ? file.Bundle
        : await archive.ReadAsync(version.Stored, cancellation)
            ?? throw new IOException($"The content of version {version.Number} of the catalogue is not in the store.");
}
