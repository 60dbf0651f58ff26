using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Views;

/// <summary>A version of the catalogue.</summary>
/// <param name="Hash">SHA-256 of its content.</param>
/// <param name="By">The id of the management key that made it; <c>freeway</c> for a file.</param>
/// <param name="Source"><c>file</c> or <c>api</c>.</param>
public sealed record VersionCard(int Version, string Hash, DateTimeOffset CreatedAt, string By, string Source, string? Comment, bool Active)
{
    public static VersionCard Of(CatalogueVersion version, CatalogueHead head) => new(
        version.Number,
        version.Hash,
        version.CreatedAt,
        version.By,
        version.Source.WireName(),
        version.Comment, version.Number == head.Active.Number);
}
