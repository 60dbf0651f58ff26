using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A request, read as its path says; neither asked nor error where there is nothing to answer at the path.</summary>
internal sealed record LoopbackTurn(ILoopbackTurn? Asked, LoopbackError? Error)
{
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
