using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Reads the members of a request that we act on, each from its value's first token to its last.</summary>
internal ref partial struct RequestScan
{
    private Refusal? Model()
    {
        if (_json.TokenType is not JsonTokenType.String || string.IsNullOrWhiteSpace(_model = _json.GetString()!))
        {
            return Refuse.InvalidField(
                "model", "'model' must be a string that names a model. GET /api/v1/models lists the ids.");
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

    private static Refusal NoModels() => Refuse.InvalidField(
        "models",
        $"'models' must be an array of 1 to {MostModels} slugs, which are tried in turn. "
            + "GET /api/v1/models lists the ids.");

    private Refusal? ServiceTier()
    {
        var start = (int)_json.TokenStartIndex;
        var refusal = Skip();
        _layout = _layout with { ServiceTier = start..(int)_json.BytesConsumed };
        return refusal;
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

    /// <summary>
    /// Refuses what is answered later before anything is taken: it is paid for later, by nobody.
    /// </summary>
    private Refusal? Background()
    {
        var refusal = RequestValues.Flag(ref _json, "background", out var background);
        return background
            ? Refuse.InvalidField(
                "background", "Background responses are not served. Leave 'background' out, or stream.")
            : refusal;
    }

    private Refusal? StreamFormat()
    {
        string? format = null;
        var refusal = RequestValues.Text(ref _json, "stream_format", "audio", ref format);
        _stream = format is "sse";
        return refusal;
    }

    /// <summary>Notes that the upstream adds what it has kept: the prompt is then longer than what was sent.</summary>
    private Refusal? Stored()
    {
        _reachesBack |= _json.TokenType is not JsonTokenType.Null;
        return Skip();
    }

    /// <summary>
    /// Reads an id that may be anything: what is no string names nobody, and is the upstream's to judge.
    /// </summary>
    private Refusal? EndUser(ref string? id)
    {
        if (_json.TokenType is not JsonTokenType.String)
        {
            return Skip();
        }

        id = _json.GetString() is { } written && !string.IsNullOrWhiteSpace(written) ? written : null;
        return null;
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
                _layout = _layout with
                {
                    StreamOptions = start..(int)_json.BytesConsumed,
                    StreamOptionsOpen = start + 1,
                    StreamOptionsEmpty = empty,
                };
                return null;
            }

            var field = _json.ValueTextEquals("include_usage"u8) ? RequestField.IncludeUsage : RequestField.Aside;
            var refusal = Take(field);
            refusal ??= field is RequestField.Aside ? Skip() : IncludeUsage();
            if (refusal is not null)
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
}
