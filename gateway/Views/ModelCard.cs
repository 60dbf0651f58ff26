using System.Text.Json.Serialization;

namespace Freeway.Gateway.Views;

/// <summary>A model in the OpenAI list shape, with what the calling key can do with it.</summary>
/// <param name="Created">Unix seconds.</param>
/// <param name="Variants">The suffixes it can be called with.</param>
public sealed record ModelCard(
    string Id, string OwnedBy, long Created, string Name, int ContextLength, PricingCard Pricing, FreeBadge Free, IReadOnlyList<string> Variants)
{
    /// <summary>Null where the bare id has no gift for the calling key.</summary>
    public GiftBadge? Gift { get; init; }

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "model";
}
