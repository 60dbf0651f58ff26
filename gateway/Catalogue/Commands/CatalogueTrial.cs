namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>A catalogue to be tried beside the one that counts.</summary>
/// <param name="Active">The one that counts.</param>
/// <param name="Against">Its version.</param>
/// <param name="Candidate">The one to be tried.</param>
/// <param name="Version">Where it is one that there is.</param>
public sealed record CatalogueTrial(CatalogueSnapshot Active, int Against, CatalogueSnapshot Candidate, int? Version);
