using Freeway.Gateway.Core;

namespace Freeway.Gateway.Models;

/// <summary>A model id with its variant, as a caller writes it: <c>sarvam/saaras:v3:free</c>.</summary>
/// <param name="ModelId">The provider's id; its case is kept as written and it may contain colons.</param>
public readonly record struct Slug(string ModelId, Variant Variant)
{
    /// <summary>Longer ids name no model; the bound keeps them out of keys, logs and answers.</summary>
    public const int MaxLength = 256;

    /// <summary>Splits at the last colon, only where a known variant follows; two variants are refused.</summary>
    public static Result<Slug> Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return Refuse.InvalidField("model", $"'model' must be 1 to {MaxLength} characters; see GET /api/v1/models for the ids.");
        }

        var (id, variant) = Split(text);
        if (variant is not Variant.None && Split(id).Variant is not Variant.None)
        {
            return Refuse.ConflictingVariants();
        }

        return id.Length is 0 ? Refuse.ModelNotFound(text) : new Slug(id, variant);
    }

    public override string ToString() => Variant switch
    {
        Variant.None => ModelId,
        Variant.Free => ModelId + ":free",
        Variant.Flex => ModelId + ":flex",
    };

    private static (string Id, Variant Variant) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 ? (text, Variant.None) : text.AsSpan(colon + 1) switch
        {
            var suffix when suffix.Equals("free", StringComparison.OrdinalIgnoreCase) => (text[..colon], Variant.Free),
            var suffix when suffix.Equals("flex", StringComparison.OrdinalIgnoreCase) => (text[..colon], Variant.Flex),
            _ => (text, Variant.None),
        };
    }
}

/// <summary>The routing suffix after the last colon of a slug. Any other suffix belongs to the model id.</summary>
public enum Variant
{
    None,
    Free,
    Flex,
}
