using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Views;

/// <summary>A model, a plan or an upstream of the active catalogue.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Preset">The preset that a plan is from, or that an upstream is made from; null where there is none.</param>
/// <param name="Entry">As it is written: what PUT takes.</param>
/// <param name="Whole">With what a preset fills in; left out where that is nothing.</param>
public sealed record EntryCard(string Id, string? Preset, JsonElement Entry, JsonElement? Whole)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; private init; } = "";

    public static EntryCard Of(EntryKind kind, CatalogueEntry entry) => new(
        entry.Id, entry.Preset, CatalogueJson.Element(entry.Own), ReferenceEquals(entry.Own, entry.Whole) || System.Text.Json.Nodes.JsonNode.DeepEquals(entry.Own, entry.Whole) ? null : CatalogueJson.Element(entry.Whole))
    {
        Object = kind.WireName(),
    };
}
