using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue;

/// <summary>The shape of <c>catalogue.json</c>: what is offered, to whom, and where it is had.</summary>
/// <param name="Upstreams">By name.</param>
/// <param name="Plans">By name.</param>
/// <param name="Models">In the order in which callers see them.</param>
public sealed record CatalogueDocument(
    [property: JsonRequired] int Version,
    IReadOnlyDictionary<string, UpstreamEntry>? Upstreams,
    IReadOnlyDictionary<string, PlanEntry>? Plans,
    IReadOnlyList<ModelEntry?>? Models);
