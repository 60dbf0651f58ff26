using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>The catalogue as it counts.</summary>
/// <param name="Since">When the active version became so.</param>
/// <param name="Latest">The highest number there is.</param>
/// <param name="FollowsFiles">True while the file with which a process started last is active; false once an operator has chosen.</param>
/// <param name="Scheduled">Null where nothing is.</param>
/// <param name="Catalogue">The active version, as <c>catalogue.json</c> has it.</param>
/// <param name="Presets">Those that it uses, by name.</param>
public sealed record CatalogueCard(
    VersionCard Active,
    DateTimeOffset Since,
    int Latest,
    bool FollowsFiles,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ScheduleCard? Scheduled,
    JsonElement Catalogue,
    JsonElement Presets)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "catalogue";
}
