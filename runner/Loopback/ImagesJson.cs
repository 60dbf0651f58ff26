using System.Buffers;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>The list of images, in the shape that OpenAI sends. Each is the same grey dot.</summary>
internal static class ImagesJson
{
    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

    public static void Write(IBufferWriter<byte> body, ImagesTurn turn, LoopbackScript script, DateTimeOffset created)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteStartArray("data");
        for (var image = 0; image < turn.Count; image++)
        {
            json.WriteStartObject();
            json.WriteString("b64_json", Dot);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (script.ImageTokens is { } tokens)
        {
            var (input, output) = (TurnReading.Words(turn.Prompt).Length, turn.Count * tokens);
            json.WriteStartObject("usage");
            json.WriteNumber("total_tokens", input + output);
            json.WriteNumber("input_tokens", input);
            json.WriteNumber("output_tokens", output);
            json.WriteStartObject("input_tokens_details");
            json.WriteNumber("text_tokens", input);
            json.WriteNumber("image_tokens", 0);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

/// <summary>Holds what the loopback upstream takes from a request for images.</summary>
public sealed record ImagesTurn(string Model, string Prompt, int Count, string? Size) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Prompt;

    internal static ImagesTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Text(root, "prompt") is { } prompt
            ? new ImagesTurn(model, prompt, TurnReading.Number(root, "n") ?? 1, TurnReading.Text(root, "size"))
            : null;
}
