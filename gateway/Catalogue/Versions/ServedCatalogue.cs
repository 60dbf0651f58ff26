namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>A version as this process serves it.</summary>
public sealed record ServedCatalogue(CatalogueVersion Version, CatalogueSnapshot Snapshot);
