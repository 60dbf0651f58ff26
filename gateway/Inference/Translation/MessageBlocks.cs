using System.Buffers;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>
/// Writes the blocks of a streamed message: a block begins with the first piece of its kind and ends where another
/// begins.
/// </summary>
internal sealed class MessageBlocks
{
    private readonly Dictionary<long, Call> _calls = [];
    private PieceKind _open;
    private string? _reasoning;
    private long _call;
    private int _count;

    /// <summary>Gets whether the answer calls any tool.</summary>
    public bool Calls => _calls.Count > 0;

    /// <param name="answerId">Makes an id for a call that has none.</param>
    public void Add(IBufferWriter<byte> to, ChatPiece piece, string answerId)
    {
        switch (piece.Kind)
        {
            case PieceKind.Thinking:
                if (_open is not PieceKind.Thinking)
                {
                    Open(to, PieceKind.Thinking, static json =>
                    {
                        json.WriteString("type", "thinking");
                        json.WriteString("thinking", "");
                        json.WriteString("signature", "");
                    });
                }

                _reasoning = piece.ReasoningName;
                Delta(to, _count - 1, "thinking_delta", "thinking", piece.Written);
                break;
            case PieceKind.Text:
                if (_open is not PieceKind.Text)
                {
                    Open(to, PieceKind.Text, static json =>
                    {
                        json.WriteString("type", "text");
                        json.WriteString("text", "");
                    });
                }

                Delta(to, _count - 1, "text_delta", "text", piece.Written);
                break;
            case PieceKind.Call:
                AddCall(to, piece, answerId);
                break;
        }
    }

    /// <summary>Ends the block that is open, if one is.</summary>
    public void Close(IBufferWriter<byte> to)
    {
        if (_open is PieceKind.None)
        {
            return;
        }

        if (_open is PieceKind.Thinking)
        {
            Delta(to, _count - 1, "signature_delta", json => json.WriteString("signature", _reasoning));
        }

        _open = PieceKind.None;
        var index = _count - 1;
        MessageWriter.Event(to, "content_block_stop", json => json.WriteNumber("index", index));
    }

    private void AddCall(IBufferWriter<byte> to, ChatPiece piece, string answerId)
    {
        var (written, id) = (piece.Written, ChatCall.Id(piece.Written)?.GetString());
        var number = NumberOf(piece, id);
        if (!_calls.TryGetValue(number, out var call))
        {
            var made = id ?? $"toolu_{answerId}_{_calls.Count}";
            Open(to, PieceKind.Call, json =>
            {
                json.WriteString("type", "tool_use");
                json.WriteString("id", made);
                json.WriteString("name", ChatCall.Name(written)?.GetString() ?? "");
                json.WriteStartObject("input");
                json.WriteEndObject();
            });
            _calls[number] = call = new Call(id, _count - 1);
        }

        _call = number;
        if (ChatCall.Arguments(written) is { } arguments)
        {
            Delta(to, call.Block, "input_json_delta", json => Partial(json, arguments));
        }
    }

    /// <summary>
    /// Finds which call a piece is of. Upstreams that number none write each call whole; others give all the number 0,
    /// each with an id of its own.
    /// </summary>
    private long NumberOf(ChatPiece piece, string? id)
    {
        var number = ChatCall.Index(piece.Written);
        if (number is { } given && (!_calls.TryGetValue(given, out var call) || id is null || call.Id == id))
        {
            return given;
        }

        if (id is null)
        {
            return _call;
        }

        var known = _calls.Where(other => other.Value.Id == id).Select(other => (long?)other.Key).FirstOrDefault();
        return known ?? (_calls.Count is 0 ? 0 : _calls.Keys.Max() + 1);
    }

    private void Open(IBufferWriter<byte> to, PieceKind kind, Action<Utf8JsonWriter> block)
    {
        Close(to);
        _open = kind;
        var index = _count++;
        MessageWriter.Event(to, "content_block_start", json =>
        {
            json.WriteNumber("index", index);
            json.WriteStartObject("content_block");
            block(json);
            json.WriteEndObject();
        });
    }

    private static void Partial(Utf8JsonWriter json, JsonElement arguments)
    {
        if (arguments.ValueKind is JsonValueKind.String)
        {
            json.Copy("partial_json", arguments);
        }
        else
        {
            json.WriteString("partial_json", arguments.GetRawText());
        }
    }

    private static void Delta(IBufferWriter<byte> to, int index, string type, string name, JsonElement piece) =>
        Delta(to, index, type, json => json.Copy(name, piece));

    private static void Delta(IBufferWriter<byte> to, int index, string type, Action<Utf8JsonWriter> piece) =>
        MessageWriter.Event(to, "content_block_delta", json =>
        {
            json.WriteNumber("index", index);
            json.WriteStartObject("delta");
            json.WriteString("type", type);
            piece(json);
            json.WriteEndObject();
        });

    /// <summary>A call that has begun.</summary>
    /// <param name="Block">The number of its block.</param>
    private readonly record struct Call(string? Id, int Block);
}
