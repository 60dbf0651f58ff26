using System.Buffers;
using System.Text.Json;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>
/// Turns a whole answer of chat completions into a message, and an upstream's error into Anthropic's shape.
/// </summary>
/// <param name="status">The status that the upstream answered with.</param>
internal sealed class ChatMessage(TranslatedRequest request, int status) : IAnswerTranslation
{
    /// <summary>No answer of text is longer, in bytes.</summary>
    private const int LongestAnswer = 32 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly AnswerReader _answer = new();

    private bool IsSuccess => status is >= 200 and < 300;

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        _body.Write(bytes);
        if (_body.WrittenCount > LongestAnswer)
        {
            throw new IOException("The upstream's answer is too long to be translated.");
        }
    }

    /// <inheritdoc/>
    public void End(IBufferWriter<byte> to)
    {
        using var document = Json.Parse(_body.WrittenMemory);
        var choice = document?.RootElement.Member("choices") is { ValueKind: JsonValueKind.Array } choices
            ? choices.EnumerateArray().Cast<JsonElement?>().FirstOrDefault()
            : null;
        if (IsSuccess && choice is { } first)
        {
            new JsonPieces(_answer).Take(_body.WrittenSpan);
            Write(first, to);
        }
        else
        {
            // Of an answer that is none, nothing goes out: another upstream may answer.
            MessageWriter.Object(to, json => ChatError.Write(
                json, document?.RootElement, status is 413 ? "request_too_large" : IsSuccess ? "api_error" : "invalid_request_error"));
        }
    }

    /// <inheritdoc/>
    public bool EndBroken(IBufferWriter<byte> to) => false;

    /// <inheritdoc/>
    public RelayResult Amend(RelayResult passed) => _answer.Amend(passed);

    private void Write(JsonElement choice, IBufferWriter<byte> to)
    {
        var id = _answer.Id ?? request.Id;
        var seen = _answer.Result(RelayEnding.Completed, null, anyByteWritten: true, upstreamReportedError: false);
        var used = request.Used(seen);
        List<ChatPiece> pieces = [.. ChatPieces.Of(choice.Member("message") ?? choice.Member("delta"))];
        MessageWriter.Object(to, json =>
        {
            MessageWriter.Head(json, id, _answer.Model ?? "");
            json.WriteStartArray("content");
            foreach (var piece in pieces)
            {
                json.WriteStartObject();
                Block(json, piece, id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            var calls = pieces.Exists(piece => piece.Kind is PieceKind.Call);
            var sequence = calls ? null : StopReason.SequenceOf(choice);
            MessageWriter.Stop(json, StopReason.Of(_answer.FinishReason, calls, sequence), sequence);
            MessageWriter.Usage(json, used);
        });
    }

    private static void Block(Utf8JsonWriter json, ChatPiece piece, string answerId)
    {
        switch (piece.Kind)
        {
            case PieceKind.Thinking:
                json.WriteString("type", "thinking");
                json.Copy("thinking", piece.Written);
                json.WriteString("signature", piece.ReasoningName);
                break;
            case PieceKind.Call:
                json.WriteString("type", StopReason.ToolUse);
                json.WriteString("id", ChatCall.Id(piece.Written)?.GetString() ?? $"toolu_{answerId}_{piece.At}");
                json.WriteString("name", ChatCall.Name(piece.Written)?.GetString() ?? "");
                json.WritePropertyName("input");
                Input(json, ChatCall.Arguments(piece.Written));
                break;
            default:
                json.WriteString("type", "text");
                json.Copy("text", piece.Written);
                break;
        }
    }

    /// <summary>Writes the arguments of a call as the object that they are; what is none is put into one.</summary>
    private static void Input(Utf8JsonWriter json, JsonElement? arguments)
    {
        var text = arguments is { ValueKind: JsonValueKind.String } written ? written.GetString()! : null;
        using var parsed = text is null ? null : Json.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        if (arguments is { ValueKind: JsonValueKind.Object } there)
        {
            json.Copy(there);
        }
        else if (parsed?.RootElement is { ValueKind: JsonValueKind.Object } input)
        {
            json.Copy(input);
        }
        else
        {
            json.WriteStartObject();
            json.Copy("arguments", arguments);
            json.WriteEndObject();
        }
    }
}

/// <summary>Writes an error of chat completions in Anthropic's shape.</summary>
internal static class ChatError
{
    private const string Unsaid = "The upstream failed and did not say why.";

    /// <param name="body">What the upstream sent; null where it cannot be read.</param>
    public static void Write(Utf8JsonWriter json, JsonElement? body, string type)
    {
        var error = body.Member("error");
        var said = error is { ValueKind: JsonValueKind.String } ? error
            : error.Member("message") ?? body.Member("message") ?? body.Member("detail");
        MessageWriter.Error(json, type, said is { ValueKind: JsonValueKind.String } ? said : null, Unsaid);
        json.Copy("code", error.Member("code"));
        json.Copy("param", error.Member("param"));
        json.WriteEndObject();
    }
}

/// <summary>Reads JSON that others have written.</summary>
internal static class Json
{
    /// <summary>Parses a text as JSON; null where it is none.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
