using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Edits;

/// <summary>A model, a plan or an upstream as the catalogue writes it.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Own">As it is written.</param>
/// <param name="Whole">With what a preset fills in.</param>
/// <param name="Preset">The preset that a plan is from, or that an upstream is made from; null where there is none.</param>
public sealed record CatalogueEntry(string Id, JsonObject Own, JsonObject Whole, string? Preset = null);
