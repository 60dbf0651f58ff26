using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>The shape of every list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor = null)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}
