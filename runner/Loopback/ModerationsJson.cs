using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>
/// Verdicts on texts, in the shape that OpenAI sends. A text with the word "violence" is flagged, no other is.
/// </summary>
internal static class ModerationsJson
{
    private const string Flagged = "violence";

    private static readonly string[] Categories =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
        "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", Flagged, "violence/graphic",
    ];

    public static void Write(IBufferWriter<byte> body, LoopbackRequest request, ModerationsTurn turn)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"modr-loopback{request.Number}"));
        json.WriteString("model", turn.Model);
        json.WriteStartArray("results");
        foreach (var input in turn.Inputs)
        {
            Result(json, input.Contains(Flagged, StringComparison.OrdinalIgnoreCase));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, bool flagged)
    {
        json.WriteStartObject();
        json.WriteBoolean("flagged", flagged);
        Each("categories", category => json.WriteBoolean(category, flagged && category is Flagged));
        Each("category_scores", category => json.WriteNumber(category, flagged && category is Flagged ? 0.9 : 0.0001));
        Each("category_applied_input_types", category =>
        {
            json.WriteStartArray(category);
            json.WriteStringValue("text");
            json.WriteEndArray();
        });
        json.WriteEndObject();

        void Each(string name, Action<string> write)
        {
            json.WriteStartObject(name);
            Array.ForEach(Categories, write);
            json.WriteEndObject();
        }
    }
}

/// <summary>Holds what the loopback upstream takes from a request to <c>moderations</c>.</summary>
public sealed record ModerationsTurn(string Model, IReadOnlyList<string> Inputs) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Inputs is [var first, ..] ? first : "";

    internal static ModerationsTurn? Read(JsonElement root) =>
        TurnReading.Member(root, "input") is { } input && TurnReading.Texts(input) is { } inputs
            ? new ModerationsTurn(TurnReading.Text(root, "model") ?? "omni-moderation-latest", inputs)
            : null;
}
