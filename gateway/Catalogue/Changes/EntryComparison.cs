using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>Compares the entries of two catalogues field by field, with what presets fill in.</summary>
public static class EntryComparison
{
    public static EntryDifferences Of(EntryKind kind, CatalogueBundle before, CatalogueBundle after)
    {
        var (was, will) = (Entries(kind, before), Entries(kind, after));
        return EntryDifferences.Of([.. was.Keys.Union(will.Keys)
            .Select(id => Compare(id, was.GetValueOrDefault(id), will.GetValueOrDefault(id))).OfType<EntryDifference>()]);
    }

    private static Dictionary<string, JsonObject> Entries(EntryKind kind, CatalogueBundle bundle) => new CatalogueEntries(bundle.Catalogue, bundle.Preset)
        .Of(kind).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id, entry => entry.Whole, StringComparer.Ordinal);

    private static EntryDifference? Compare(string id, JsonObject? before, JsonObject? after) =>
        before is null ? new EntryDifference(id, EntryDifference.Added, [])
        : after is null ? new EntryDifference(id, EntryDifference.Removed, [])
        : Fields("", before, after).ToList() is { Count: > 0 } fields ? new EntryDifference(id, EntryDifference.Changed, fields)
        : null;

    private static IEnumerable<FieldDifference> Fields(string place, JsonNode? before, JsonNode? after) =>
        JsonNode.DeepEquals(before, after) ? []
        : (before, after) switch
        {
            (JsonObject was, JsonObject will) => Members(place.Length is 0 ? "" : $"{place}.", was, will),
            (JsonArray was, JsonArray will) when ByName(was) is { } named && ByName(will) is { } other => Named(place, named, other),
            _ => [new FieldDifference(place, Element(before), Element(after))],
        };

    private static IEnumerable<FieldDifference> Members(string prefix, JsonObject before, JsonObject after) =>
        before.Select(member => member.Key).Union(after.Select(member => member.Key))
            .SelectMany(name => Fields(prefix + name, before[name], after[name]));

    private static IEnumerable<FieldDifference> Named(string place, Dictionary<string, JsonObject> before, Dictionary<string, JsonObject> after) =>
        before.Keys.Union(after.Keys).SelectMany(name => Fields($"{place}[{name}]", before.GetValueOrDefault(name), after.GetValueOrDefault(name)));

    /// <summary>Limits are told apart by their names, not by where they stand; null for other lists.</summary>
    private static Dictionary<string, JsonObject>? ByName(JsonArray list)
    {
        var named = list.OfType<JsonObject>().Select(item => (Name: item["name"]?.GetValueKind() is JsonValueKind.String ? item["name"]!.GetValue<string>() : null, Item: item)).ToList();
        return named.Count == list.Count && named.All(item => item.Name is not null) && named.DistinctBy(item => item.Name).Count() == named.Count
            ? named.ToDictionary(item => item.Name!, item => item.Item, StringComparer.Ordinal)
            : null;
    }

    private static JsonElement? Element(JsonNode? node) => node is null ? null : CatalogueJson.Element(node);
}

/// <summary>A model, plan or upstream that two catalogues have differently.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Fields">What is different; empty for what is added or removed.</param>
public sealed record EntryDifference(string Id, string Change, IReadOnlyList<FieldDifference> Fields)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Changed = "changed";
}

/// <summary>The number of entries of one kind that are different, and the first of them.</summary>
public sealed record EntryDifferences(int Added, int Removed, int Changed, IReadOnlyList<EntryDifference> Data)
{
    /// <summary>The most differences that are listed; further ones are only counted.</summary>
    public const int Most = 100;

    public static EntryDifferences Of(IReadOnlyList<EntryDifference> all) => new(
        all.Count(one => one.Change is EntryDifference.Added),
        all.Count(one => one.Change is EntryDifference.Removed),
        all.Count(one => one.Change is EntryDifference.Changed),
        [.. all.Take(Most)]);
}

/// <summary>A field that two catalogues write differently.</summary>
/// <param name="Field">Its place in the entry, e.g. <c>free.enabled</c> or <c>limits[daily].amount</c>.</param>
/// <param name="Before">Null where it was not there.</param>
/// <param name="After">Null where it is no longer there.</param>
public sealed record FieldDifference(
    string Field,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? After);
