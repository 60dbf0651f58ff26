using Freeway.Gateway.Catalogue;

namespace Freeway.Gateway.Simulation;

/// <summary>What is to be simulated.</summary>
/// <param name="Day">A past UTC day.</param>
/// <param name="Baseline">The catalogue that the day ran under, as far as is known: the active one.</param>
/// <param name="Candidate">The one that is tried.</param>
/// <param name="Orgs">Only these; all where it is null.</param>
/// <param name="IncludeRefused">Whether requests that were refused are tried again.</param>
public sealed record SimulationRequest(DateOnly Day, CatalogueSnapshot Baseline, CatalogueSnapshot Candidate, IReadOnlySet<string>? Orgs, bool IncludeRefused);
