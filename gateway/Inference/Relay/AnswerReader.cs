using System.Text.Json;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Reads an answer token by token, whole or in chunks, and keeps what is worth knowing of it. It holds its place in
/// fields, so the tokens may come in any portions; what it does not know, it passes over.
/// </summary>
internal sealed class AnswerReader
{
    /// <summary>The finish reason of a response that has failed.</summary>
    public const string Failed = "failed";

    // Depths of the names in {"usage":{"prompt_tokens":…},"choices":[{"delta":{"content":…}}]}.
    private const int TopDepth = 1;
    private const int ItemDepth = 2;
    private const int ChoiceDepth = 3;
    private const int ProducedDepth = 4;

    // Of the names in {"output":[{"content":[{"text":…}]}]}, in {"item":{"name":…}} and in {"x_groq":{"usage":…}}.
    private const int OutputItemDepth = 3;
    private const int OutputPartDepth = 5;
    private const int VendorDepth = 2;

    private UsageReader _usage;
    private UsageReader _usageAside;
    private ChoiceUsage? _usageOfChoices;
    private UsageReader _usageOfChoice;
    private long _choiceIndex;
    private ProducedText _text;
    private AnswerPart _top;
    private AnswerPart _choice;
    private AnswerPart _produced;
    private AnswerRegion _region;
    private AnswerEvent _event;
    private long? _duration;
    private int _inResponse;
    private bool _hasOnlyBegun;
    private long _cut;
    private bool _usageNow;
    private bool _usageBefore;
    private bool _contentNow;
    private bool _endedInUsage;

    /// <summary>The upstream's id of the answer.</summary>
    public string? Id { get; private set; }

    /// <summary>The model that the upstream names.</summary>
    public string? Model { get; private set; }

    /// <summary>
    /// Gets the time at which the answer was made, in seconds since 1970; null where it does not say.
    /// </summary>
    public long? Created { get; private set; }

    /// <summary>Gets the reason for which the answer ended, as written last; null where nothing says so.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Gets whether the answer had an <c>error</c> that is not null.</summary>
    public bool HasError { get; private set; }

    /// <summary>
    /// Gets whether the answer had anything that a model made: text, a call, a picture, sound, an embedding.
    /// </summary>
    public bool HasContent { get; private set; }

    /// <summary>Gets whether a member was seen that only answers have, as against errors.</summary>
    public bool IsAnswer { get; private set; }

    /// <summary>Items of <c>data</c>, or events that each bring one.</summary>
    public int Items { get; private set; }

    /// <summary>
    /// Gets whether an event said that the object it belongs to is complete: an image, say, or the whole answer.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>Gets whether an event said that it is the last one.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The number of the event read last; null where events are not numbered.</summary>
    public long? Sequence { get; private set; }

    /// <summary>Gets whether the document read last carried usage and no choice.</summary>
    public bool IsUsageOnly => HasUsage && Choices is 0;

    /// <summary>
    /// Gets whether usage came last, which ends an answer that names no finish reason. Usage beside content ends
    /// nothing where usage came before: such upstreams report as they go.
    /// </summary>
    public bool EndsInUsage => _usageNow ? !_contentNow || !_usageBefore : _endedInUsage && !_contentNow;

    private bool HasUsage { get; set; }

    private int Choices { get; set; }

    /// <summary>Makes ready for the next chunk.</summary>
    public void Begin()
    {
        (_endedInUsage, _usageBefore) = (EndsInUsage, _usageBefore || _usageNow);
        (_top, _choice, _produced, _region) = (AnswerPart.Other, AnswerPart.Other, AnswerPart.Other, AnswerRegion.Written);
        (_event, _usageNow, _contentNow, HasUsage, Choices, _inResponse) = (AnswerEvent.Other, false, false, false, 0, 0);
        _hasOnlyBegun = false;
    }

    /// <summary>Takes the next token.</summary>
    /// <param name="cut">How many bytes the string is longer than the reader shows.</param>
    public void Take(ref Utf8JsonReader json, long cut = 0)
    {
        _cut = cut;
        var depth = json.CurrentDepth - _inResponse; // events of responses wrap theirs: {"type":…,"response":{…}}
        if (json.TokenType is JsonTokenType.PropertyName)
        {
            Name(ref json, depth);
        }
        else if (depth is TopDepth)
        {
            TopValue(ref json);
        }
        else if (depth < TopDepth)
        {
            (_inResponse, _hasOnlyBegun, _top) = (0, false, AnswerPart.Other); // the end of the response, or of all
        }
        else
        {
            Value(ref json, depth);
        }
    }

    /// <summary>Sums up what has been seen so far.</summary>
    public RelayResult Result(RelayEnding ending, TimeSpan? firstByteAfter, bool anyByteWritten, bool upstreamReportedError) => new()
    {
        Ending = ending,
        Usage = Reported(),
        FinishReason = FinishReason,
        CompletionBytes = _text.Bytes,
        UpstreamModel = Model,
        UpstreamId = Id,
        FirstByteAfter = firstByteAfter,
        AnyByteWritten = anyByteWritten,
        UpstreamReportedError = upstreamReportedError,
        HasContent = HasContent || Items > 0,
        Items = Items,
        Seconds = _usage.Seconds ?? _duration,
    };

    /// <summary>
    /// Chooses among the reports of usage: one for the whole answer, else the vendor's own, else the sum of the
    /// choices.
    /// </summary>
    private TokenUsage Reported() => _usage.Usage is { IsNone: false } usage ? usage
        : _usageAside.Usage is { IsNone: false } aside ? aside
        : _usageOfChoices?.Usage ?? TokenUsage.None;

    private void Name(ref Utf8JsonReader json, int depth)
    {
        switch (_top)
        {
            case var _ when depth is TopDepth:
                _top = AnswerNames.Top(ref json);
                IsAnswer |= _top is AnswerPart.Choices or AnswerPart.Data or AnswerPart.Output
                    or AnswerPart.Usage or AnswerPart.Media or AnswerPart.Blocks;
                break;
            case AnswerPart.Usage:
                _usage.Take(ref json, depth - TopDepth);
                break;
            case AnswerPart.Vendor when depth is VendorDepth:
                _choice = json.ValueTextEquals("usage"u8) ? AnswerPart.Usage : AnswerPart.Other;
                break;
            case AnswerPart.Vendor when _choice is AnswerPart.Usage:
                _usageAside.Take(ref json, depth - VendorDepth);
                break;
            case AnswerPart.Choices when depth is ChoiceDepth:
                (_choice, _produced) = (AnswerNames.Choice(ref json), AnswerPart.Other);
                break;
            case AnswerPart.Choices when _choice is AnswerPart.Usage:
                _usageOfChoice.Take(ref json, depth - ChoiceDepth);
                break;
            case AnswerPart.Choices when _choice is AnswerPart.Produced:
                Produced(ref json, isMember: depth is ProducedDepth, mayBeCall: depth > ProducedDepth);
                break;
            case AnswerPart.Output:
                Produced(ref json, isMember: depth <= OutputPartDepth, mayBeCall: depth is OutputItemDepth);
                break;
            case AnswerPart.Item:
                Produced(ref json, isMember: depth is ItemDepth, mayBeCall: depth is ItemDepth);
                break;
            case AnswerPart.Block or AnswerPart.Delta when depth is ItemDepth:
            case AnswerPart.Blocks when depth is OutputItemDepth:
                _produced = AnswerNames.Block(ref json);
                break;
        }
    }

    /// <param name="isMember">Whether the name is of a level at which whole regions begin that are read in their own
    ///     way.</param>
    private void Produced(ref Utf8JsonReader json, bool isMember, bool mayBeCall)
    {
        if (isMember)
        {
            _region = AnswerNames.IsDetails(ref json) ? AnswerRegion.Details
                : AnswerNames.IsNotWritten(ref json) ? AnswerRegion.NotWritten
                : AnswerRegion.Written;
        }

        _produced = _region switch
        {
            AnswerRegion.Written => AnswerNames.Produced(ref json),
            AnswerRegion.Details => AnswerNames.Detail(ref json),
            _ => AnswerPart.Other,
        };
        _produced = _produced is AnswerPart.CallName && !mayBeCall ? AnswerPart.Other : _produced;
    }

    private void TopValue(ref Utf8JsonReader json)
    {
        switch (_top, json.TokenType)
        {
            case (AnswerPart.Id, JsonTokenType.String):
                Id ??= Short(ref json);
                break;
            case (AnswerPart.Model, JsonTokenType.String):
                Model ??= Short(ref json);
                break;
            case (AnswerPart.Created, JsonTokenType.Number) when json.TryGetInt64(out var created):
                Created = created;
                break;
            case (AnswerPart.Usage, JsonTokenType.StartObject):
                _usage.Begin(isPreliminary: _hasOnlyBegun);
                HasUsage |= !_hasOnlyBegun;
                _usageNow |= !_hasOnlyBegun;
                break;
            case (AnswerPart.Response, JsonTokenType.StartObject):
                _inResponse = 1;
                break;
            case (AnswerPart.Message, JsonTokenType.StartObject):
                (_inResponse, _hasOnlyBegun) = (1, true);
                break;
            case (AnswerPart.Block, JsonTokenType.StartObject):
                _text.Begin();
                break;
            case (AnswerPart.FinishReason, JsonTokenType.String):
                FinishReason = Short(ref json) ?? FinishReason;
                break;
            case (AnswerPart.Type, JsonTokenType.String):
                Type(ref json);
                break;
            case (AnswerPart.Status, JsonTokenType.String):
                FinishReason = AnswerNames.Over(ref json) ?? FinishReason;
                break;
            case (AnswerPart.Delta, JsonTokenType.String):
                Count(ref json, AnswerPart.Text);
                break;
            case (AnswerPart.Media, JsonTokenType.String):
                Count(ref json, AnswerPart.Media);
                break;
            case (AnswerPart.Sequence, JsonTokenType.Number) when json.TryGetInt64(out var sequence):
                Sequence = sequence;
                break;
            case (AnswerPart.Duration, JsonTokenType.Number) when UsageReader.Count(ref json) is > 0 and var duration:
                _duration = duration;
                break;
            case (AnswerPart.Error, not JsonTokenType.Null):
                HasError |= _inResponse is 0; // a response that failed says so as its status
                break;
        }
    }

    private void Type(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("image_generation.completed"u8))
        {
            IsComplete = true;
            Items++;
        }
        else if (json.ValueTextEquals("error"u8))
        {
            HasError = true;
        }
        else if (AnswerNames.IsLast(ref json))
        {
            IsComplete = IsLast = true;
        }
        else
        {
            _event = json.ValueTextEquals("response.output_item.added"u8) ? AnswerEvent.ItemAdded
                : json.ValueTextEquals("response.output_item.done"u8) ? AnswerEvent.ItemDone
                : AnswerEvent.Other;
        }
    }

    private void Value(ref Utf8JsonReader json, int depth)
    {
        var (isText, isObject) = (json.TokenType is JsonTokenType.String, json.TokenType is JsonTokenType.StartObject);
        switch (_top)
        {
            case AnswerPart.Usage:
                _usage.Take(ref json, depth - TopDepth);
                break;
            case AnswerPart.Vendor when _choice is AnswerPart.Usage:
                _usageNow |= isObject;
                _usageAside.Take(ref json, depth - VendorDepth);
                break;
            case AnswerPart.Choices when depth is ChoiceDepth - 1 && isObject:
                // A choice that does not number itself has the number of its place.
                _choiceIndex = Choices++;
                _usageOfChoice = default;
                _text.Begin();
                break;
            case AnswerPart.Choices when depth is ChoiceDepth - 1 && json.TokenType is JsonTokenType.EndObject:
                EndChoice();
                break;
            case AnswerPart.Choices when (depth, _choice) is (ChoiceDepth, AnswerPart.Index)
                && json.TokenType is JsonTokenType.Number:
                _choiceIndex = UsageReader.Count(ref json) ?? _choiceIndex;
                break;
            case AnswerPart.Choices when _choice is AnswerPart.Usage && depth >= ChoiceDepth:
                _usageNow |= isObject;
                _usageOfChoice.Take(ref json, depth - ChoiceDepth);
                break;
            case AnswerPart.Choices when isText && depth is ChoiceDepth && _choice is AnswerPart.FinishReason:
                FinishReason = AnswerNames.FinishReason(ref json) ?? FinishReason;
                break;
            case AnswerPart.Choices when isText && (depth, _choice) is (ChoiceDepth, AnswerPart.Text):
                Count(ref json, AnswerPart.Text);
                break;
            case AnswerPart.Choices when isText && _choice is AnswerPart.Produced:
                Count(ref json, _produced);
                break;
            case AnswerPart.Data when depth is ItemDepth && isObject:
                Items++;
                break;
            case AnswerPart.Output or AnswerPart.Blocks when depth is ItemDepth && isObject:
                _text.Begin();
                break;
            case AnswerPart.Block or AnswerPart.Blocks or AnswerPart.Delta when isText && _produced is not AnswerPart.FinishReason:
                Count(ref json, _produced);
                break;
            case AnswerPart.Delta when isText && depth is ItemDepth:
                FinishReason = Short(ref json) ?? FinishReason;
                break;
            case AnswerPart.Output when isText:
                Count(ref json, _produced, isKnown: _inResponse is not 0); // an event brings all that came before once more
                break;
            case AnswerPart.Item when isText && (_event, _produced)
                is (AnswerEvent.ItemAdded, AnswerPart.CallName) or (AnswerEvent.ItemDone, AnswerPart.Sealed or AnswerPart.Media):
                _text.Begin();
                Count(ref json, _produced);
                break;
        }
    }

    /// <summary>
    /// Counts a choice's usage at its end: the choice's number may stand behind its usage, so that only now both are
    /// known.
    /// </summary>
    private void EndChoice()
    {
        if (!_usageOfChoice.Usage.IsNone)
        {
            (_usageOfChoices ??= new ChoiceUsage()).Take(_choiceIndex, _usageOfChoice);
        }
    }

    /// <param name="isKnown">Whether it has been counted before, piece by piece.</param>
    private void Count(ref Utf8JsonReader json, AnswerPart part, bool isKnown = false)
    {
        var length = JsonText.Length(ref json) + _cut;
        if (part is AnswerPart.Other || length is 0)
        {
            return;
        }

        HasContent = _contentNow = true;
        if (!isKnown)
        {
            _text.Add(part, length);
        }
    }

    /// <summary>A text for the record; null for one that is too long to be an id or a name.</summary>
    private static string? Short(ref Utf8JsonReader json) =>
        json.ValueSpan.Length < JsonPieces.KeptOfString ? json.GetString() : null;
}

/// <summary>Says how the strings in a part of an answer are read.</summary>
internal enum AnswerRegion
{
    /// <summary>The strings count by the names under which models write.</summary>
    Written,

    /// <summary>The strings are reasoning that another member may hold too.</summary>
    Details,

    /// <summary>The strings do not count: no model has written them.</summary>
    NotWritten,
}

/// <summary>The events whose <c>item</c> says what no delta does.</summary>
internal enum AnswerEvent
{
    Other,

    /// <summary>An item of the output begins: the name of a tool that is called.</summary>
    ItemAdded,

    /// <summary>An item is complete: reasoning that is encrypted, a picture.</summary>
    ItemDone,
}
