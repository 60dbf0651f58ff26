using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>A version with what it holds: to be sent again, or compared.</summary>
/// <param name="Catalogue">As <c>catalogue.json</c> has it.</param>
/// <param name="Presets">Those that it uses, by name.</param>
public sealed record VersionContentCard(VersionCard Version, JsonElement Catalogue, JsonElement Presets)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "catalogue.version";
}
