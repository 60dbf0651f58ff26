using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>A change of the catalogue that was understood.</summary>
/// <param name="Action">For the audit, e.g. <c>catalogue.model</c>.</param>
/// <param name="Content">Makes the content out of the head and what counts by it; with the version where it is one that there is.</param>
internal sealed record CatalogueOrder(
    string Action, Func<CatalogueHead, CatalogueBundle, CancellationToken, Task<Decision<(CatalogueBundle Content, CatalogueVersion? Version)>>> Content)
{
    /// <summary>Whether it is to count, or only to be kept.</summary>
    public bool Activates { get; init; } = true;

    /// <summary>Whether files decide from then on, as they do at the beginning.</summary>
    public bool FollowsFiles { get; init; }

    public string? Comment { get; init; }

    /// <summary>For the audit: what is changed, by its name, as a content has it.</summary>
    public Func<CatalogueBundle, (string Name, JsonNode? Value)>? Note { get; init; }
}
