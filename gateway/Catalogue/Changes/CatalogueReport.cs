using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>What a change of the catalogue does, or would do.</summary>
/// <param name="DryRun">True where nothing was changed.</param>
/// <param name="Version">The version that it is about; null where it would be a new one.</param>
/// <param name="Active">The version that counts, after the change.</param>
/// <param name="ActivatesAt">When it becomes the active one; null where it does not, or is.</param>
/// <param name="Against">The version that it is compared with.</param>
/// <param name="Warnings">What the operator should know before it counts.</param>
public sealed record CatalogueReport(
    bool DryRun,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version,
    int Active,
    DateTimeOffset? ActivatesAt,
    int Against,
    EntryDifferences Models,
    EntryDifferences Plans,
    EntryDifferences Upstreams,
    IReadOnlyList<string> Warnings)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "catalogue.change";

    /// <summary>Where the default plan becomes another.</summary>
    public FieldDifference? DefaultPlan { get; init; }

    /// <summary>How orgs are treated differently; only of a dry run, which looks at all of them.</summary>
    public OrgDifferences? Orgs { get; init; }
}
