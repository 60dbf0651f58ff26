namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>What is known of one version. Versions never change, and there is one for each content.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Hash">SHA-256 of its content, lower-case hex.</param>
/// <param name="Stored">Names the content in <see cref="ICatalogueArchive"/>.</param>
/// <param name="By">The id of the management key that made it; <c>freeway</c> for a file.</param>
public sealed record CatalogueVersion(
    int Number, string Hash, string Stored, DateTimeOffset CreatedAt, string By, CatalogueSource Source, string? Comment = null);
