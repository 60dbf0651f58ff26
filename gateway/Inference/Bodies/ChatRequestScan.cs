using System.Text.Json;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>
/// One pass over a chat request: every byte is checked to be JSON, only the members that we act on are looked into.
/// Throws <see cref="JsonException"/> where it is malformed, <see cref="InvalidOperationException"/> on half a surrogate pair.
/// </summary>
internal ref struct ChatRequestScan
{
    private const int MaxAnswers = 128;

    private readonly ReadOnlyMemory<byte> _body;
    private Utf8JsonReader _json;
    private ChatRequestField _seen;
    private ChatRequestLayout _layout;
    private string _model = "";
    private bool _stream;
    private bool _usageRequested;
    private long? _ceiling;
    private int _n = 1;

    /// <param name="body">Valid UTF-8, without a byte order mark.</param>
    public ChatRequestScan(ReadOnlyMemory<byte> body)
    {
        _body = body;
        // Not the final block: a body that breaks off is then no exception. One level to spare: depth is ours to refuse.
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = ChatRequestBody.MaxDepth + 1 });
        _json = new Utf8JsonReader(body.Span, isFinalBlock: false, state);
    }

    public Decision<ChatRequestBody> Run()
    {
        if (!_json.Read())
        {
            return BreaksOff();
        }

        if (_json.TokenType is not JsonTokenType.StartObject)
        {
            return Refuse.InvalidJson("it must be an object.");
        }

        if (Members() is { } refusal)
        {
            return refusal;
        }

        _layout = _layout with { Close = (int)_json.TokenStartIndex };
        _json.Read(); // throws where anything but white space follows
        return Missing() is { } missing ? missing : new ChatRequestBody(_body, _layout)
        {
            Model = _model,
            Stream = _stream,
            UsageRequested = _usageRequested,
            OutputCeiling = _ceiling,
            N = _n,
        };
    }

    private Refusal? Members()
    {
        while (true)
        {
            if (!_json.Read())
            {
                return BreaksOff();
            }

            if (_json.TokenType is JsonTokenType.EndObject)
            {
                return null;
            }

            if (Member(ChatRequestFields.Read(ref _json)) is { } refusal)
            {
                return refusal;
            }
        }
    }

    private Refusal? Member(ChatRequestField field)
    {
        if (Take(field) is { } refusal)
        {
            return refusal;
        }

        return field switch
        {
            ChatRequestField.Model => Model(),
            ChatRequestField.Messages => Messages(),
            ChatRequestField.Stream => Flag(field, out _stream),
            ChatRequestField.StreamOptions => StreamOptions(),
            ChatRequestField.Other => Skip(),
            _ => Number(field),
        };
    }

    /// <summary>On to the value of a member, which must not have been there before.</summary>
    private Refusal? Take(ChatRequestField field)
    {
        if ((_seen & field) is not 0)
        {
            return Refuse.InvalidField(field.Name(), $"'{field.Name()}' is written twice. Write it once.");
        }

        _seen |= field;
        return _json.Read() ? null : BreaksOff();
    }

    private Refusal? Model()
    {
        if (_json.TokenType is not JsonTokenType.String || string.IsNullOrWhiteSpace(_model = _json.GetString()!))
        {
            return Refuse.InvalidField("model", "'model' must be a string that names a model. GET /api/v1/models lists the ids.");
        }

        _layout = _layout with { Model = ScalarRange() };
        return null;
    }

    private Refusal? Messages() => _json.TokenType is JsonTokenType.StartArray
        ? Skip()
        : Refuse.InvalidField("messages", "'messages' must be an array of messages.");

    private readonly Refusal? Flag(ChatRequestField field, out bool flag)
    {
        flag = _json.TokenType is JsonTokenType.True;
        return flag || _json.TokenType is JsonTokenType.False or JsonTokenType.Null
            ? null
            : Refuse.InvalidField(field.Name(), $"'{field.Name()}' must be true or false.");
    }

    private Refusal? Number(ChatRequestField field)
    {
        if (_json.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        var most = field is ChatRequestField.N ? MaxAnswers : int.MaxValue;
        if (_json.TokenType is not JsonTokenType.Number || !_json.TryGetInt32(out var number) || number < 1 || number > most)
        {
            return Refuse.InvalidField(field.Name(), $"'{field.Name()}' must be a whole number from 1 to {most}.");
        }

        if (field is ChatRequestField.N)
        {
            _n = number;
        }
        else
        {
            _ceiling = Math.Max(_ceiling ?? 0, number);
        }

        return null;
    }

    private Refusal? StreamOptions()
    {
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType is JsonTokenType.Null)
        {
            _layout = _layout with { StreamOptions = ScalarRange() };
            return null;
        }

        if (_json.TokenType is not JsonTokenType.StartObject)
        {
            return Refuse.InvalidField("stream_options", "'stream_options' must be an object.");
        }

        var empty = true;
        for (; ; empty = false)
        {
            if (!_json.Read())
            {
                return BreaksOff();
            }

            if (_json.TokenType is JsonTokenType.EndObject)
            {
                _layout = _layout with { StreamOptions = start..(int)_json.BytesConsumed, StreamOptionsOpen = start + 1, StreamOptionsEmpty = empty };
                return null;
            }

            var field = _json.ValueTextEquals("include_usage"u8) ? ChatRequestField.IncludeUsage : ChatRequestField.Other;
            if ((Take(field) ?? (field is ChatRequestField.Other ? Skip() : IncludeUsage())) is { } refusal)
            {
                return refusal;
            }
        }
    }

    private Refusal? IncludeUsage()
    {
        _layout = _layout with { IncludeUsage = ScalarRange() };
        return Flag(ChatRequestField.IncludeUsage, out _usageRequested);
    }

    /// <summary>To the end of a value that is not looked into.</summary>
    private Refusal? Skip()
    {
        var depth = _json.CurrentDepth;
        while (_json.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray) || _json.CurrentDepth > depth)
        {
            if (_json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (_json.CurrentDepth >= ChatRequestBody.MaxDepth)
                {
                    return Refuse.InvalidJson($"it is nested more than {ChatRequestBody.MaxDepth} levels deep.");
                }
            }
            else if (_json.CurrentDepth == depth)
            {
                return null;
            }

            if (!_json.Read())
            {
                return BreaksOff();
            }
        }

        return null;
    }

    private readonly Refusal? Missing()
    {
        if ((_seen & ChatRequestField.Model) is 0)
        {
            return Refuse.InvalidField("model", "'model' is missing. GET /api/v1/models lists the ids.");
        }

        return (_seen & ChatRequestField.Messages) is 0
            ? Refuse.InvalidField("messages", "'messages' is missing. Send an array of messages.")
            : null;
    }

    private readonly Range ScalarRange() => (int)_json.TokenStartIndex..(int)_json.BytesConsumed;

    private static Refusal BreaksOff() => Refuse.InvalidJson("it ends before it is complete.");
}
