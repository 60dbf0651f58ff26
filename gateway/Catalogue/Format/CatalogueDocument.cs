using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// The shape of <c>catalogue.json</c>: what is offered, to whom, and where it is had. A preset is a fragment of the
/// same shape, with a name, plans and what is known of their models.
/// </summary>
/// <param name="Preset">A preset's own name; none in a catalogue.</param>
/// <param name="Sources">Where the numbers of all plans of the file come from.</param>
/// <param name="CardNeeded">Whether the system wants a payment card before it gives anything; only in a preset.</param>
/// <param name="HardStop">
/// Whether the system refuses what goes beyond the free amount, as against billing it; only in a preset.
/// </param>
/// <param name="Terms">What the system's terms say of free use that its users should know; only in a preset.</param>
/// <param name="Presets">Names of files <c>presets/{name}.json</c> whose plans are added.</param>
/// <param name="DefaultPlan">The plan of bare ids for orgs without one; pay as you go where it is absent.</param>
/// <param name="Upstreams">By name.</param>
/// <param name="Plans">By name.</param>
/// <param name="Models">
/// In the order in which callers see them. A preset's fill in what the catalogue's entry of the same id leaves out.
/// </param>
public sealed record CatalogueDocument(
    [property: JsonRequired] int Version,
    string? Preset,
    string? Description,
    IReadOnlyList<SourceEntry?>? Sources,
    bool? CardNeeded,
    bool? HardStop,
    string? Terms,
    IReadOnlyList<string?>? Presets,
    string? DefaultPlan,
    IReadOnlyDictionary<string, UpstreamEntry?>? Upstreams,
    IReadOnlyDictionary<string, PlanEntry?>? Plans,
    IReadOnlyList<ModelEntry?>? Models);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(CatalogueDocument))]
[JsonSerializable(typeof(UpstreamEntry))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class CatalogueJson : JsonSerializerContext
{
    public static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node, Default.JsonNode);
}
