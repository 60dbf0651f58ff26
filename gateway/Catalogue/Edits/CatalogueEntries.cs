using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Edits;

/// <summary>
/// Finds the entries of a catalogue, in its order. It looks at JSON that may be wrong: what is no entry is passed over,
/// and what is wrong in one is the reader's to tell.
/// </summary>
public sealed class CatalogueEntries(JsonObject catalogue, Func<string, JsonObject?> preset)
{
    public IReadOnlyList<CatalogueEntry> Of(EntryKind kind) => kind switch
    {
        EntryKind.Model => Models(),
        EntryKind.Plan => Plans(),
        EntryKind.Upstream => Upstreams(),
    };

    public CatalogueEntry? Find(EntryKind kind, string id) => Of(kind).FirstOrDefault(entry => entry.Id == id);

    /// <summary>The names of the presets of plans that it uses.</summary>
    public IReadOnlyList<string> PlanPresets => [.. (catalogue["presets"] as JsonArray ?? []).Select(Text).OfType<string>()];

    private List<CatalogueEntry> Models()
    {
        var known = PlanPresets.SelectMany(name => Objects(preset(name)?["models"])).ToLookup(model => Text(model["id"]) ?? "", StringComparer.Ordinal);
        return [.. Objects(catalogue["models"])
            .Select(model => (Id: Text(model["id"]) ?? "", Own: model))
            .Select(model => new CatalogueEntry(model.Id, model.Own, FillIn(model.Own, known[model.Id].FirstOrDefault())))];
    }

    /// <summary>A plan of the catalogue stands in the place of a preset's of its name, which it extends.</summary>
    private List<CatalogueEntry> Plans()
    {
        var own = Members(catalogue["plans"]).Select(plan => new CatalogueEntry(plan.Name, plan.Value, plan.Value));
        var presets = PlanPresets.SelectMany(
            name => Members(preset(name)?["plans"]).Select(plan => new CatalogueEntry(plan.Name, plan.Value, plan.Value, name)));
        List<CatalogueEntry> all = [.. own, .. presets];
        var merge = new PlanMerge([.. all.Select(plan => (plan.Id, plan.Own))]);
        return [.. all.DistinctBy(plan => plan.Id, StringComparer.Ordinal)
            .Select(plan => plan with { Whole = merge.Whole(plan.Own) })];
    }

    private List<CatalogueEntry> Upstreams() => [.. Members(catalogue["upstreams"]).Select(upstream =>
    {
        var name = Text(upstream.Value["preset"]);
        var known = name is null ? null : preset($"upstreams/{name}");
        return new CatalogueEntry(upstream.Name, upstream.Value, FillIn(upstream.Value, known, "version", "preset"), name);
    })];

    /// <summary>A member that is null is left out, as for the reader.</summary>
    private static JsonObject FillIn(JsonObject own, JsonObject? known, params string[] except)
    {
        var whole = (JsonObject)own.DeepClone();
        foreach (var (name, value) in known ?? [])
        {
            if (whole[name] is null && value is not null && !except.Contains(name))
            {
                whole[name] = value.DeepClone();
            }
        }

        return whole;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<(string Name, JsonObject Value)> Members(JsonNode? node) =>
        (node as JsonObject ?? []).Where(member => member.Value is JsonObject).Select(member => (member.Key, (JsonObject)member.Value!));

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}

/// <summary>A model, a plan or an upstream as the catalogue writes it.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Own">As it is written.</param>
/// <param name="Whole">With what a preset, or the plan that it extends, fills in.</param>
/// <param name="Preset">
/// The preset that a plan is from, or that an upstream is made from; null where there is none.
/// </param>
public sealed record CatalogueEntry(string Id, JsonObject Own, JsonObject Whole, string? Preset = null);

/// <summary>The kinds of entries that a catalogue is made of.</summary>
public enum EntryKind
{
    Model,
    Plan,
    Upstream,
}
