using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>
/// The list of embeddings, in the shape that OpenAI sends: equal texts have equal vectors, others have others.
/// </summary>
internal static class EmbeddingsJson
{
    public static void Write(IBufferWriter<byte> body, EmbeddingsTurn turn, LoopbackScript script)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (index, text) in turn.Inputs.Index())
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            Vector(json, Vector(text, turn.Dimensions), turn.Base64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", turn.Model);
        if (script.Usage is not LoopbackUsage.None)
        {
            var words = script.Usage is LoopbackUsage.Zero ? 0 : turn.Words;
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", words);
            json.WriteNumber("total_tokens", words);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Vector(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (base64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var at = 0; at < vector.Length; at++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at * sizeof(float)), vector[at]);
            }

            json.WriteBase64String("embedding", bytes);
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var number in vector)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    /// <summary>Numbers between -1 and 1, drawn from the text.</summary>
    private static float[] Vector(string text, int dimensions)
    {
        var state = 2166136261u;
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            state = (state ^ one) * 16777619;
        }

        var vector = new float[dimensions];
        for (var at = 0; at < dimensions; at++)
        {
            state = (state * 1664525) + 1013904223;
            vector[at] = (int)(state >> 16) / 32768f - 1;
        }

        return vector;
    }
}

/// <summary>Holds what the loopback upstream takes from an embeddings request.</summary>
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
