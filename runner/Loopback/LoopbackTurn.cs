using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>
/// A request, read as its path says; neither asked nor error where there is nothing to answer at the path.
/// </summary>
internal sealed record LoopbackTurn(ILoopbackTurn? Asked, LoopbackError? Error)
{
    public const string MessagesPath = "/v1/messages";

    public static readonly LoopbackTurn None = new(null, null);

    public static async ValueTask<LoopbackTurn> ReadAsync(string path, string? contentType, ReadOnlyMemory<byte> body)
    {
        try
        {
            return path switch
            {
                "/v1/chat/completions" => Read(body, ChatTurn.Read, "'model' must be a string and 'messages' an array."),
                "/v1/completions" => Read(body, CompletionTurn.Read, "'model' must be a string and 'prompt' a string or an array."),
                "/v1/responses" => Read(body, ResponsesTurn.Read, "'model' must be a string and 'input' a string or an array."),
                MessagesPath => Read(body, MessagesTurn.Read, "'model' must be a string, 'max_tokens' a number and 'messages' an array."),
                "/v1/embeddings" => Read(body, EmbeddingsTurn.Read, "'model' must be a string and 'input' a string or an array."),
                "/v1/images/generations" => Read(body, ImagesTurn.Read, "'model' and 'prompt' must be strings."),
                "/v1/moderations" => Read(body, ModerationsTurn.Read, "'input' must be a string or an array."),
                "/v1/audio/speech" => Read(body, SpeechTurn.Read, "'model' and 'input' must be strings."),
                "/v1/audio/transcriptions" or "/v1/audio/translations" => Of(
                    await TranscriptionTurn.ReadAsync(contentType, new MemoryStream(body.ToArray(), writable: false)),
                    "The body must be a form with the parts 'model' and 'file'."),
                _ => None,
            };
        }
        catch (JsonException malformed)
        {
            return Invalid($"The body is not valid JSON: {malformed.Message}");
        }
        catch (IOException malformed)
        {
            return Invalid($"The body is not a valid form: {malformed.Message}");
        }
    }

    private static LoopbackTurn Read(ReadOnlyMemory<byte> body, Func<JsonElement, ILoopbackTurn?> read, string wanted)
    {
        using var json = JsonDocument.Parse(body);
        return Of(read(json.RootElement), wanted);
    }

    private static LoopbackTurn Of(ILoopbackTurn? asked, string wanted) => asked is null ? Invalid(wanted) : new LoopbackTurn(asked, null);

    private static LoopbackTurn Invalid(string message) => new(null, LoopbackError.Invalid(message));
}

/// <summary>A request that was understood, whatever it asks for.</summary>
public interface ILoopbackTurn
{
    string Model { get; }

    /// <summary>Gets the text of the request in which a script may be written.</summary>
    string ScriptText { get; }
}

/// <summary>Members of a request, where they are there and of the kind that is wanted.</summary>
internal static class TurnReading
{
    public static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    public static int? Number(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out var number) ? number : null;

    public static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    public static bool Is(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.True };

    public static bool AsksForUsage(JsonElement root) => Is(Member(root, "stream_options"), "include_usage");

    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The text of a message's content: a string, or the texts of its parts.</summary>
    public static string Content(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Content(Member(part, "text")))),
        _ => "",
    };

    /// <summary>
    /// The texts of an input that may be one text, several, or lists of token ids as they are written; null where it is
    /// none of these.
    /// </summary>
    public static string[]? Texts(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [input.GetString()!],
        JsonValueKind.Array when input.EnumerateArray().FirstOrDefault().ValueKind is JsonValueKind.Number => [input.GetRawText()],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(one => one.ValueKind is JsonValueKind.String ? one.GetString()! : one.GetRawText())],
        _ => null,
    };

    /// <summary>Words of texts and of lists of token ids; a token id counts as one.</summary>
    public static int WordsOf(IEnumerable<string> texts) =>
        texts.Sum(text => text.Split([' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Length);
}
