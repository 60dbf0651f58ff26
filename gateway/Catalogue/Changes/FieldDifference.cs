using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>A field that two catalogues write differently.</summary>
/// <param name="Field">Its place in the entry, e.g. <c>free.enabled</c> or <c>limits[daily].amount</c>.</param>
/// <param name="Before">Null where it was not there.</param>
/// <param name="After">Null where it is no longer there.</param>
public sealed record FieldDifference(
    string Field,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? After);
