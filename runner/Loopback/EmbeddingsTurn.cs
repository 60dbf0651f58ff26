using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from an embeddings request.</summary>
/// <param name="Inputs">The texts, or lists of token ids as they are written.</param>
/// <param name="Words">Of all inputs together; a token id counts as one.</param>
public sealed record EmbeddingsTurn(string Model, IReadOnlyList<string> Inputs, int Words, bool Base64, int Dimensions) : ILoopbackTurn
{
    private const int FewDimensions = 8;

    string ILoopbackTurn.ScriptText => Inputs is [var first, ..] ? first : "";

    internal static EmbeddingsTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Member(root, "input") is { } input && TurnReading.Texts(input) is { } texts
            ? new EmbeddingsTurn(
                model,
                texts,
                TurnReading.WordsOf(texts),
                TurnReading.Text(root, "encoding_format") is "base64",
                TurnReading.Number(root, "dimensions") ?? FewDimensions)
            : null;
}
