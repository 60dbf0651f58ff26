using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Catalogue.Edits;

/// <summary>
/// Makes another catalogue out of one by changing an entry. A plan that is from a preset is changed in the copy of the
/// preset that this version holds. Whether the outcome can be used is the reader's to tell.
/// </summary>
/// <param name="shipped">
/// Presets that come with the program, for entries that name one which the catalogue has not used so far.
/// </param>
public sealed class CatalogueEdit(CatalogueBundle from, Func<string, JsonObject?> shipped)
{
    private readonly JsonObject _catalogue = (JsonObject)from.Catalogue.DeepClone();
    private readonly Dictionary<string, JsonObject> _changed = new(StringComparer.Ordinal);

    public CatalogueEntry? Find(EntryKind kind, string id) => new CatalogueEntries(_catalogue, Preset).Find(kind, id);

    /// <summary>Replaces an entry where it stands, or adds it after the others.</summary>
    public void Put(EntryKind kind, string id, JsonObject entry)
    {
        switch (kind)
        {
            case EntryKind.Model:
                var models = (JsonArray)(_catalogue["models"] ??= new JsonArray());
                var model = WithId(id, entry);
                if (IndexOf(models, id) is >= 0 and var index)
                {
                    models[index] = model;
                }
                else
                {
                    models.Add(model);
                }

                break;
            case EntryKind.Plan when Find(kind, id) is { Preset: { } name }:
                Members(Changed(name), "plans")[id] = entry.DeepClone();
                break;
            default:
                Members(_catalogue, kind is EntryKind.Plan ? "plans" : "upstreams")[id] = entry.DeepClone();
                break;
        }
    }

    /// <summary>
    /// Merges into an entry that is there. Of an object that a preset fills in, what the patch leaves out stays as it
    /// is.
    /// </summary>
    public void Patch(EntryKind kind, CatalogueEntry entry, JsonObject patch)
    {
        var own = (JsonObject)entry.Own.DeepClone();
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject && own[name] is null && entry.Whole[name] is JsonObject filledIn)
            {
                own[name] = filledIn.DeepClone();
            }
        }

        Put(kind, entry.Id, MergePatch.Apply(own, patch));
    }

    /// <summary>Takes away an entry that is there; a preset whose last plan it was is no longer used.</summary>
    public void Remove(EntryKind kind, CatalogueEntry entry)
    {
        switch (kind)
        {
            case EntryKind.Model:
                var models = (JsonArray)_catalogue["models"]!;
                models.RemoveAt(IndexOf(models, entry.Id));
                break;
            case EntryKind.Plan when entry.Preset is { } name:
                var plans = Members(Changed(name), "plans");
                plans.Remove(entry.Id);
                if (plans.Count is 0 && _catalogue["presets"] is JsonArray used)
                {
                    used.RemoveAll(node => node?.GetValueKind() is System.Text.Json.JsonValueKind.String && node.GetValue<string>() == name);
                }

                break;
            default:
                Members(_catalogue, kind is EntryKind.Plan ? "plans" : "upstreams").Remove(entry.Id);
                break;
        }
    }

    public CatalogueBundle Outcome() => CatalogueBundle.Of(_catalogue, Preset);

    private JsonObject? Preset(string name) => _changed.GetValueOrDefault(name) ?? from.Preset(name) ?? shipped(name);

    private JsonObject Changed(string preset) => _changed.TryGetValue(preset, out var changed) ? changed : _changed[preset] = (JsonObject)Preset(preset)!.DeepClone();

    private static JsonObject Members(JsonObject parent, string name) => (JsonObject)(parent[name] ??= new JsonObject());

    private static int IndexOf(JsonArray models, string id) =>
        models.ToList().FindIndex(model => model is JsonObject entry && entry["id"]?.GetValueKind() is System.Text.Json.JsonValueKind.String && entry["id"]!.GetValue<string>() == id);

    /// <summary>The id comes first, as people write it.</summary>
    private static JsonObject WithId(string id, JsonObject entry)
    {
        var model = new JsonObject { ["id"] = id };
        foreach (var (name, value) in entry.Where(member => member.Key is not "id"))
        {
            model[name] = value?.DeepClone();
        }

        return model;
    }
}

/// <summary>JSON merge patch (RFC 7396): members replace members, objects are merged, null takes away.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = (JsonObject)target.DeepClone();
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value is JsonObject inner ? Apply(merged[name] as JsonObject ?? [], inner) : value.DeepClone();
            }
        }

        return merged;
    }
}
