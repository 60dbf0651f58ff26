using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// One pass over a request: every byte is checked to be JSON, only the members that we act on are looked into.
/// Throws <see cref="JsonException"/> where it is malformed, <see cref="InvalidOperationException"/> on half a
/// surrogate pair.
/// </summary>
internal ref struct RequestScan
{
    /// <summary>How many slugs may be tried in turn.</summary>
    private const int MostModels = 10;

    private const int MostAnswers = 128;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Surface _surface;
    private readonly RequestShape _shape;
    private Utf8JsonReader _json;
    private PromptMeasure _prompt;
    private RequestField _seen;
    private RequestLayout _layout;
    private string _model = "";
    private List<string> _models = [];
    private List<OwnMember> _own = [];
    private int _memberEnd;
    private RoutePreference _routes = RoutePreference.None;
    private bool _stream;
    private bool _usageRequested;
    private long? _ceiling;
    private int _n = 1;
    private int _bestOf = 1;
    private long _characters;
    private bool _reachesBack;
    private string? _size;
    private string? _ceilingName;

    /// <param name="body">Valid UTF-8, without a byte order mark.</param>
    public RequestScan(ReadOnlyMemory<byte> body, Surface surface)
    {
        (_body, _surface, _shape) = (body, surface, RequestShape.Of(surface));
        // Not the final block: a body that breaks off is then no exception. One level to spare: depth is ours to
        // refuse.
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = RequestBody.MaxDepth + 1 });
        _json = new Utf8JsonReader(body.Span, isFinalBlock: false, state);
    }

    public Result<JsonBody> Run()
    {
        if (!_json.Read())
        {
            return Stopped();
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
        PlaceOwn();
        _json.Read(); // throws where anything but white space follows
        return Missing() is { } missing ? missing : new JsonBody(_body, _layout)
        {
            Surface = _surface,
            Model = _model,
            Models = _models,
            Routes = _routes,
            Tools = _seen.HasFlag(RequestField.Tools),
            Stream = _stream,
            UsageRequested = _usageRequested,
            OutputCeiling = _ceiling,
            OutputCeilingName = _ceilingName,
            N = Answers(),
            PromptBytes = Math.Max(1, _prompt.Bytes),
            ImageInputs = _prompt.Images,
            Images = _surface.Counts(Measures.Images) ? _n : 0,
            ImageSize = _size,
            Characters = _characters,
            ReachesBack = _reachesBack,
        };
    }

    /// <summary>To the next token. False where the body ends before it, or is nested deeper than it may be.</summary>
    public static bool GoesOn(ref Utf8JsonReader json) => !IsTooDeep(ref json) && json.Read();

    private static bool IsTooDeep(ref Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && json.CurrentDepth >= RequestBody.MaxDepth;

    private Refusal? Members()
    {
        while (_json.Read())
        {
            if (_json.TokenType is JsonTokenType.EndObject)
            {
                return null;
            }

            var (field, start) = (_shape.Read(ref _json), (int)_json.TokenStartIndex);
            if (_own is [.., { Next: null } last])
            {
                _own[^1] = last with { Next = start };
            }

            var before = _memberEnd;
            if ((Take(field) ?? Member(field)) is { } refusal)
            {
                return refusal;
            }

            _memberEnd = (int)_json.BytesConsumed;
            if (field is RequestField.Models or RequestField.Provider)
            {
                _own.Add(new OwnMember(field, start, _memberEnd, before, null));
            }
        }

        return Stopped();
    }

    /// <summary>On to the value of a member, which must not have been there before.</summary>
    private Refusal? Take(RequestField field)
    {
        if ((_seen & field & ~RequestField.Aside) is not 0)
        {
            var name = RequestShape.NameOf(field, _surface);
            return Refuse.InvalidField(name, $"'{name}' is written twice. Write it once.");
        }

        _seen |= field;
        return _json.Read() ? null : Stopped();
    }

    private Refusal? Member(RequestField field) => field switch
    {
        RequestField.Model => Model(),
        RequestField.Models => Models(),
        RequestField.ServiceTier => ServiceTier(),
        RequestField.Provider => Provider(),
        RequestField.Content => Content(),
        RequestField.Stream => RequestValues.Flag(ref _json, "stream", out _stream),
        RequestField.StreamOptions => StreamOptions(),
        RequestField.StreamFormat => StreamFormat(),
        RequestField.Background => Background(),
        RequestField.Size => Size(),
        RequestField.N => Number(field, MostAnswers, ref _n),
        RequestField.BestOf => Number(field, MostAnswers, ref _bestOf),
        RequestField.PreviousResponse or RequestField.Conversation or RequestField.StoredPrompt => Stored(),
        RequestField.Other or RequestField.Tools => _prompt.TakeOther(ref _json) ? null : Stopped(),
        RequestField.Aside => Skip(),
        _ => Ceiling(field),
    };

    private Refusal? Model()
    {
        if (_json.TokenType is not JsonTokenType.String || string.IsNullOrWhiteSpace(_model = _json.GetString()!))
        {
            return Refuse.InvalidField("model", "'model' must be a string that names a model. GET /api/v1/models lists the ids.");
        }

        _layout = _layout with { Model = ScalarRange() };
        return null;
    }

    private Refusal? Models()
    {
        if (_json.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType is not JsonTokenType.StartArray)
        {
            return NoModels();
        }

        while (_json.Read())
        {
            if (_json.TokenType is JsonTokenType.EndArray)
            {
                return _models.Count > 0 ? null : NoModels();
            }

            if (_json.TokenType is not JsonTokenType.String || _models.Count == MostModels)
            {
                return NoModels();
            }

            _models.Add(_json.GetString()!);
        }

        return Stopped();
    }

    private static Refusal NoModels() =>
        Refuse.InvalidField("models", $"'models' must be an array of 1 to {MostModels} slugs, which are tried in turn. GET /api/v1/models lists the ids.");

    private Refusal? ServiceTier()
    {
        var start = (int)_json.TokenStartIndex;
        var refusal = Skip();
        _layout = _layout with { ServiceTier = start..(int)_json.BytesConsumed };
        return refusal;
    }

    /// <summary>
    /// Says how what is for us alone is taken out, or, where <c>models</c> names the model too, what is put in its
    /// place.
    /// </summary>
    private void PlaceOwn()
    {
        if (!_seen.HasFlag(RequestField.Model) && _models.Count > 0)
        {
            (_model, _seen) = (_models[0], _seen | RequestField.Model);
            var models = _own.Find(member => member.Field is RequestField.Models);
            _own.Remove(models);
            _layout = _layout with { Model = models.Start..models.End, LacksModel = true };
        }

        _layout = _layout with { Cuts = OwnMember.Cuts(_own) };
    }

    private Refusal? Provider()
    {
        if (!JsonDocument.TryParseValue(ref _json, out var provider))
        {
            return Stopped();
        }

        using (provider)
        {
            return RoutePreference.Read(provider.RootElement).Accepted(out _routes!, out var refusal) ? null : refusal;
        }
    }

    private Refusal? Content()
    {
        var content = _surface.Content;
        var form = _json.TokenType switch
        {
            JsonTokenType.String => ContentForms.Text,
            JsonTokenType.StartArray => ContentForms.Array,
            _ => ContentForms.None,
        };
        if ((content.Forms & form) is 0)
        {
            return Refuse.InvalidField(content.Name, $"'{content.Name}' must be {content.Wanted}.");
        }

        _characters = _surface.Counts(Measures.Characters) ? Characters.Of(_json.ValueSpan) : 0;
        return _prompt.TakeContent(ref _json) ? null : Stopped();
    }

    /// <summary>What is answered later is paid for later, by nobody: it is refused before anything is taken.</summary>
    private Refusal? Background() =>
        RequestValues.Flag(ref _json, "background", out var background)
        ?? (background ? Refuse.InvalidField("background", "Background responses are not served. Leave 'background' out, or stream.") : null);

    private Refusal? StreamFormat()
    {
        string? format = null;
        var refusal = RequestValues.Text(ref _json, "stream_format", "audio", ref format);
        _stream = format is "sse";
        return refusal;
    }

    private Refusal? Stored()
    {
        _reachesBack |= _json.TokenType is not JsonTokenType.Null;
        return Skip();
    }

    private Refusal? Size()
    {
        if (_json.TokenType is JsonTokenType.Null)
        {
            _layout = _layout with { NullSize = ScalarRange() };
        }

        return RequestValues.Text(ref _json, "size", "512x512", ref _size);
    }

    private Refusal? Ceiling(RequestField field)
    {
        var obeyed = (_surface.Obeyed & field) is not 0;
        if (_json.TokenType is JsonTokenType.Null)
        {
            _layout = obeyed ? _layout with { NullCeiling = ScalarRange() } : _layout;
            return null;
        }

        var ceiling = 0;
        var refusal = Number(field, int.MaxValue, ref ceiling);
        _layout = _layout with { HasCeiling = _layout.HasCeiling || obeyed };
        if (_ceiling is null || ceiling > _ceiling)
        {
            (_ceiling, _ceilingName) = (ceiling, RequestShape.NameOf(field, _surface));
        }

        return refusal;
    }

    private Refusal? Number(RequestField field, int most, ref int number) =>
        RequestValues.Number(ref _json, RequestShape.NameOf(field, _surface), most, ref number);

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

        for (var empty = true; _json.Read(); empty = false)
        {
            if (_json.TokenType is JsonTokenType.EndObject)
            {
                _layout = _layout with { StreamOptions = start..(int)_json.BytesConsumed, StreamOptionsOpen = start + 1, StreamOptionsEmpty = empty };
                return null;
            }

            var field = _json.ValueTextEquals("include_usage"u8) ? RequestField.IncludeUsage : RequestField.Aside;
            if ((Take(field) ?? (field is RequestField.Aside ? Skip() : IncludeUsage())) is { } refusal)
            {
                return refusal;
            }
        }

        return Stopped();
    }

    private Refusal? IncludeUsage()
    {
        _layout = _layout with { IncludeUsage = ScalarRange() };
        return RequestValues.Flag(ref _json, "stream_options.include_usage", out _usageRequested);
    }

    /// <summary>To the end of a value that counts for nothing.</summary>
    private Refusal? Skip()
    {
        var elsewhere = new PromptMeasure();
        return elsewhere.TakeOther(ref _json) ? null : Stopped();
    }

    private readonly Refusal? Missing()
    {
        if ((_seen & RequestField.Model) is 0)
        {
            return Refuse.InvalidField("model", "'model' is missing. GET /api/v1/models lists the ids.");
        }

        return (_seen & RequestField.Content) is 0 && !_reachesBack
            ? Refuse.InvalidField(_surface.Content.Name, $"'{_surface.Content.Name}' is missing. Send {_surface.Content.Wanted}.")
            : null;
    }

    /// <summary>
    /// How many answers are made: the best of some is chosen from all of them, and each prompt has its own.
    /// </summary>
    private readonly long Answers() => (long)Math.Max(_n, _bestOf) * (_surface.AnswersEachItem ? Math.Max(1, _prompt.Items) : 1);

    private readonly Range ScalarRange() => (int)_json.TokenStartIndex..(int)_json.BytesConsumed;

    /// <summary>Why there is no next token.</summary>
    private Refusal Stopped() => IsTooDeep(ref _json)
        ? Refuse.InvalidJson($"it is nested more than {RequestBody.MaxDepth} levels deep.")
        : Refuse.InvalidJson("it ends before it is complete.");
}
