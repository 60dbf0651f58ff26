using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>The report of what a change of the catalogue does, or would do.</summary>
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

    /// <summary>The default plan before and after; null where it stays.</summary>
    public FieldDifference? DefaultPlan { get; init; }

    /// <summary>
    /// The organisations that are treated differently; null but for a dry run, which reads all of them.
    /// </summary>
    public OrgDifferences? Orgs { get; init; }
}

/// <summary>Compares two contents and says what it means.</summary>
public sealed class CatalogueReports(IKeyStore keys)
{
    /// <summary>Compares two contents without reading organisations.</summary>
    public static CatalogueReport Of(CatalogueVersion against, CatalogueBundle before, CatalogueVersion? version, CatalogueBundle after, CatalogueSnapshot snapshot)
    {
        var (was, will) = (Name(before), Name(after));
        return new CatalogueReport(
            false, version?.Number, against.Number, null, against.Number,
            EntryComparison.Of(EntryKind.Model, before, after),
            EntryComparison.Of(EntryKind.Plan, before, after),
            EntryComparison.Of(EntryKind.Upstream, before, after),
            [.. Keyless(snapshot)])
        {
            DefaultPlan = was?.GetRawText() == will?.GetRawText() ? null : new FieldDifference("default_plan", was, will),
        };
    }

    /// <summary>Completes a report with all organisations, which are read one by one.</summary>
    /// <exception cref="IOException">The orgs cannot be listed.</exception>
    public async Task<CatalogueReport> WithOrgsAsync(CatalogueReport report, CatalogueSnapshot before, CatalogueSnapshot after, CancellationToken cancellation)
    {
        var orgs = await new OrgComparison(before, after).CompareAsync(keys.ListOrgsAsync(cancellation), cancellation);
        return report with
        {
            DryRun = true,
            Orgs = orgs,
            Warnings = orgs.LosingTheirPlan is 0 ? report.Warnings
                : [.. report.Warnings, $"{orgs.LosingTheirPlan} organisation(s) have a plan that goes away. The default plan, '{after.Plans.PlanOf(new Org("", "")).Name}', takes its place: see orgs.data."],
        };
    }

    /// <summary>An upstream without its key is not called: a model that has no other goes silent.</summary>
    private static IEnumerable<string> Keyless(CatalogueSnapshot snapshot) => snapshot.Models.All
        .Where(model => !model.Routes.Any(route => snapshot.UpstreamOf(route.Upstream).Ready))
        .Select(model => $"The model '{model.Id}' cannot be called: none of its upstreams has its key set.")
        .Take(EntryDifferences.Most);

    private static JsonElement? Name(CatalogueBundle bundle) => bundle.Catalogue["default_plan"] is { } name ? CatalogueJson.Element(name) : null;
}
