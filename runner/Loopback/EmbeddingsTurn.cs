using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from an embeddings request.</summary>
/// <param name="Inputs">The texts, or lists of token ids as they are written.</param>
/// <param name="Words">Of all inputs together; a token id counts as one.</param>
public sealed record EmbeddingsTurn(string Model, IReadOnlyList<string> Inputs, int Words, bool Base64, int Dimensions)
{
    private const int FewDimensions = 8;

    internal static EmbeddingsTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Member(root, "input") is { } input && Texts(input) is { } texts
            ? new EmbeddingsTurn(
                model,
                texts,
                texts.Sum(text => text.Split([' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Length),
                TurnReading.Text(root, "encoding_format") is "base64",
                TurnReading.Number(root, "dimensions") ?? FewDimensions)
            : null;

    private static string[]? Texts(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [input.GetString()!],
        JsonValueKind.Array when input.EnumerateArray().FirstOrDefault().ValueKind is JsonValueKind.Number => [input.GetRawText()],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(one => one.ValueKind is JsonValueKind.String ? one.GetString()! : one.GetRawText())],
        _ => null,
    };
}
