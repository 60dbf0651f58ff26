using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Edits;

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
