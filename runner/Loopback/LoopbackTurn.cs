using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A request, read as its path says: one of the three, or none where there is nothing to answer at the path.</summary>
internal sealed record LoopbackTurn(ChatTurn? Chat, EmbeddingsTurn? Embeddings, ImagesTurn? Images, LoopbackError? Error)
{
    public static readonly LoopbackTurn None = new(null, null, null, null);

    /// <summary>Where a script may be written.</summary>
    public string Text => Chat?.UserText ?? Images?.Prompt ?? (Embeddings is { Inputs: [var first, ..] } ? first : "");

    public static LoopbackTurn Read(string path, ReadOnlyMemory<byte> body)
    {
        try
        {
            return path switch
            {
                "/v1/chat/completions" => ChatTurn.Read(body) is { } chat
                    ? None with { Chat = chat }
                    : Invalid("'model' must be a string and 'messages' an array."),
                "/v1/embeddings" => Parsed(body, EmbeddingsTurn.Read) is { } embeddings
                    ? None with { Embeddings = embeddings }
                    : Invalid("'model' must be a string and 'input' a string or an array."),
                "/v1/images/generations" => Parsed(body, ImagesTurn.Read) is { } images
                    ? None with { Images = images }
                    : Invalid("'model' and 'prompt' must be strings."),
                _ => None,
            };
        }
        catch (JsonException malformed)
        {
            return Invalid($"The body is not valid JSON: {malformed.Message}");
        }
    }

    private static T? Parsed<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
    {
        using var json = JsonDocument.Parse(body);
        return read(json.RootElement);
    }

    private static LoopbackTurn Invalid(string message) => None with { Error = LoopbackError.Invalid(message) };
}
