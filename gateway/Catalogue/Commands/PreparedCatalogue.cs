using Freeway.Gateway.Catalogue.Versions;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>What an order comes to, checked, and nothing stored yet.</summary>
/// <param name="Version">Where it is one that there is.</param>
internal sealed record PreparedCatalogue(CatalogueBundle Before, CatalogueBundle After, CatalogueSnapshot Snapshot, CatalogueVersion? Version);
