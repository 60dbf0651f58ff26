using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// Reads a request in one pass: every byte is checked to be JSON, and only the members that we act on are looked into.
/// Throws <see cref="JsonException"/> where it is malformed, <see cref="InvalidOperationException"/> on half a
/// surrogate pair.
/// </summary>
/// <remarks>This file walks over the members; RequestScan.Members.cs reads each of them.</remarks>
internal ref partial struct RequestScan
{
    /// <summary>The most slugs that may be tried in turn.</summary>
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
    private List<OurMember> _ours = [];
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
    private string? _user;
    private string? _safetyIdentifier;

    /// <param name="body">Valid UTF-8, without a byte order mark.</param>
    /// <param name="tokens">Counts the tokens of the prompt; null where they are not needed.</param>
    public RequestScan(ReadOnlyMemory<byte> body, Surface surface, PromptTokenCounter? tokens = null)
    {
        _prompt = new PromptMeasure(tokens);
        (_body, _surface, _shape) = (body, surface, RequestShape.Of(surface));
        // Not the final block, so that a body that breaks off is no exception. One level to spare, as we refuse depth
        // ourselves.
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
        PlaceOurMembers();
        _json.Read(); // throws where anything but white space follows
        if (Missing() is { } missing)
        {
            return missing;
        }

        return new JsonBody(_body, _layout)
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
            EndUser = _safetyIdentifier ?? _user,
        };
    }

    /// <summary>
    /// Reads the next token. Returns false where the body ends before it, or is nested deeper than it may be.
    /// </summary>
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
            if (_ours is [.., { Next: null } last])
            {
                _ours[^1] = last with { Next = start };
            }

            var before = _memberEnd;
            if ((Take(field) ?? Member(field)) is { } refusal)
            {
                return refusal;
            }

            _memberEnd = (int)_json.BytesConsumed;
            if (field is RequestField.Models or RequestField.Provider)
            {
                _ours.Add(new OurMember(field, start, _memberEnd, before, null));
            }
        }

        return Stopped();
    }

    /// <summary>Moves on to the value of a member, which must not have been there before.</summary>
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
        RequestField.User => EndUser(ref _user),
        RequestField.SafetyIdentifier => EndUser(ref _safetyIdentifier),
        _ => Ceiling(field),
    };

    /// <summary>
    /// Says where our own members are cut out, or, where <c>models</c> names the model too, what is put in their place.
    /// </summary>
    private void PlaceOurMembers()
    {
        if (!_seen.HasFlag(RequestField.Model) && _models.Count > 0)
        {
            (_model, _seen) = (_models[0], _seen | RequestField.Model);
            var models = _ours.Find(member => member.Field is RequestField.Models);
            _ours.Remove(models);
            _layout = _layout with { Model = models.Start..models.End, LacksModel = true };
        }

        _layout = _layout with { Cuts = OurMember.Cuts(_ours) };
    }

    /// <summary>Reads to the end of a value that counts for nothing.</summary>
    private Refusal? Skip()
    {
        var elsewhere = new PromptMeasure(tokens: null);
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
    /// Counts the answers that are made: the best of some is chosen from all of them, and each prompt has its own.
    /// </summary>
    private readonly long Answers()
    {
        var prompts = _surface.AnswersEachItem ? Math.Max(1, _prompt.Items) : 1;
        return (long)Math.Max(_n, _bestOf) * prompts;
    }

    private readonly Range ScalarRange() => (int)_json.TokenStartIndex..(int)_json.BytesConsumed;

    /// <summary>Says why there is no next token.</summary>
    private Refusal Stopped() => IsTooDeep(ref _json)
        ? Refuse.InvalidJson($"it is nested more than {RequestBody.MaxDepth} levels deep.")
        : Refuse.InvalidJson("it ends before it is complete.");
}
