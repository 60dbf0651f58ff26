using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Reads an answer token by token, whole or in chunks, and keeps what is worth knowing of it. It holds its place in
/// fields, so the tokens may come in any portions; what it does not know, it passes over.
/// </summary>
internal sealed class AnswerReader
{
    // Depths of the names in {"usage":{"prompt_tokens":…},"choices":[{"delta":{"content":…}}]}.
    private const int TopDepth = 1;
    private const int UsageDepth = 2;
    private const int ItemDepth = 2;
    private const int ChoiceDepth = 3;
    private const int ProducedDepth = 4;

    // Of the names in {"output":[{"content":[{"text":…}]}]}.
    private const int OutputPartDepth = 5;

    private UsageReader _usage;
    private AnswerPart _top;
    private AnswerPart _choice;
    private AnswerPart _produced;
    private bool _muted;
    private long _reasoning;
    private long? _duration;
    private int _inResponse;

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    /// <summary>Seconds since 1970.</summary>
    public long? Created { get; private set; }

    public string? FinishReason { get; private set; }

    public long TextBytes { get; private set; }

    public bool HasError { get; private set; }

    /// <summary>Items of <c>data</c>, or events that each bring one.</summary>
    public int Items { get; private set; }

    /// <summary>Whether an event said that what it stands for is complete: an image, say, or the whole answer.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether an event said that it is the last one.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Of the event read last; null where events are not numbered.</summary>
    public long? Sequence { get; private set; }

    /// <summary>Whether the document read last carried usage and no choice.</summary>
    public bool IsUsageOnly => HasUsage && Choices is 0;

    private bool HasUsage { get; set; }

    private int Choices { get; set; }

    /// <summary>Makes ready for the next chunk.</summary>
    public void Begin()
    {
        (_top, _choice, _produced, _muted) = (AnswerPart.Other, AnswerPart.Other, AnswerPart.Other, false);
        (HasUsage, Choices, _inResponse) = (false, 0, 0);
    }

    public void Take(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.PropertyName)
        {
            Name(ref json);
        }
        else if (Depth(ref json) is var depth && depth is TopDepth)
        {
            TopValue(ref json);
        }
        else if (depth < TopDepth)
        {
            (_inResponse, _top) = (0, AnswerPart.Other); // the end of the response, or of all
        }
        else if (_top is AnswerPart.Usage)
        {
            if (depth is UsageDepth)
            {
                _usage.Value(ref json);
            }
        }
        else if (_top is AnswerPart.Choices)
        {
            ChoiceValue(ref json);
        }
        else if (_top is AnswerPart.Data && depth is ItemDepth && json.TokenType is JsonTokenType.StartObject)
        {
            Items++;
        }
        else if (_top is AnswerPart.Output && _inResponse is 0 && _produced is not AnswerPart.Other && json.TokenType is JsonTokenType.String)
        {
            TextBytes += JsonText.Length(ref json);
        }
    }

    public RelayResult Result(RelayEnding ending, TimeSpan? firstByteAfter, bool anyByteWritten, bool upstreamReportedError) => new()
    {
        Ending = ending,
        Usage = _usage.Usage,
        FinishReason = FinishReason,
        CompletionBytes = TextBytes,
        UpstreamModel = Model,
        UpstreamId = Id,
        FirstByteAfter = firstByteAfter,
        AnyByteWritten = anyByteWritten,
        UpstreamReportedError = upstreamReportedError,
        Items = Items,
        Seconds = _usage.Seconds ?? _duration,
    };

    /// <summary>The depth in the answer proper: events of responses wrap theirs, as <c>{"type":…,"response":{…}}</c>.</summary>
    private int Depth(ref Utf8JsonReader json) => json.CurrentDepth - _inResponse;

    private void Name(ref Utf8JsonReader json)
    {
        var depth = Depth(ref json);
        if (depth is TopDepth)
        {
            _top = AnswerNames.Top(ref json);
        }
        else if (_top is AnswerPart.Usage && depth is UsageDepth)
        {
            _usage.Name(ref json);
        }
        else if (_top is AnswerPart.Output)
        {
            _muted = depth <= OutputPartDepth ? AnswerNames.SaysItAgain(ref json) : _muted;
            _produced = _muted ? AnswerPart.Other : AnswerNames.Produced(ref json);
        }
        else if (_top is AnswerPart.Choices && json.CurrentDepth is ChoiceDepth)
        {
            _choice = AnswerNames.Choice(ref json);
            _produced = AnswerPart.Other;
        }
        else if (_top is AnswerPart.Choices && _choice is AnswerPart.Produced)
        {
            _muted = json.CurrentDepth is ProducedDepth ? AnswerNames.SaysItAgain(ref json) : _muted;
            _produced = _muted ? AnswerPart.Other : AnswerNames.Produced(ref json);
        }
    }

    private void TopValue(ref Utf8JsonReader json)
    {
        switch (_top)
        {
            case AnswerPart.Id when json.TokenType is JsonTokenType.String:
                Id ??= json.GetString();
                break;
            case AnswerPart.Model when json.TokenType is JsonTokenType.String:
                Model ??= json.GetString();
                break;
            case AnswerPart.Created when json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var created):
                Created = created;
                break;
            case AnswerPart.Usage when json.TokenType is JsonTokenType.StartObject:
                HasUsage = true;
                break;
            case AnswerPart.Response when json.TokenType is JsonTokenType.StartObject:
                _inResponse = 1;
                break;
            case AnswerPart.Type when json.TokenType is JsonTokenType.String:
                Type(ref json);
                break;
            case AnswerPart.Status when json.TokenType is JsonTokenType.String:
                FinishReason = AnswerNames.Over(ref json) ?? FinishReason;
                break;
            case AnswerPart.Delta when json.TokenType is JsonTokenType.String:
                TextBytes += JsonText.Length(ref json);
                break;
            case AnswerPart.Sequence when json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var sequence):
                Sequence = sequence;
                break;
            case AnswerPart.Duration when json.TokenType is JsonTokenType.Number && UsageReader.Count(ref json) is > 0 and var duration:
                _duration = duration;
                break;
            case AnswerPart.Error when json.TokenType is not JsonTokenType.Null:
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
    }

    private void ChoiceValue(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.StartObject && json.CurrentDepth is ChoiceDepth - 1)
        {
            Choices++;
            _reasoning = 0;
        }
        else if (json.TokenType is JsonTokenType.String)
        {
            ChoiceText(ref json);
        }
    }

    private void ChoiceText(ref Utf8JsonReader json)
    {
        switch (_choice, _produced)
        {
            case (AnswerPart.FinishReason, _) when json.CurrentDepth is ChoiceDepth:
                FinishReason = AnswerNames.FinishReason(ref json);
                break;
            case (AnswerPart.Text, _) when json.CurrentDepth is ChoiceDepth:
            case (AnswerPart.Produced, AnswerPart.Text):
                TextBytes += JsonText.Length(ref json);
                break;
            case (AnswerPart.Produced, AnswerPart.Reasoning):
                // Some send the same reasoning under two names: the longer of both counts.
                var length = JsonText.Length(ref json);
                TextBytes += Math.Max(0, length - _reasoning);
                _reasoning = Math.Max(_reasoning, length);
                break;
        }
    }
}

/// <summary>What the names in an answer mean, by the level at which they stand.</summary>
internal static class AnswerNames
{
    public static AnswerPart Top(ref Utf8JsonReader json) =>
        json.ValueTextEquals("choices"u8) ? AnswerPart.Choices
        : json.ValueTextEquals("usage"u8) ? AnswerPart.Usage
        : json.ValueTextEquals("id"u8) ? AnswerPart.Id
        : json.ValueTextEquals("model"u8) ? AnswerPart.Model
        : json.ValueTextEquals("created"u8) || json.ValueTextEquals("created_at"u8) ? AnswerPart.Created
        : json.ValueTextEquals("error"u8) ? AnswerPart.Error
        : json.ValueTextEquals("data"u8) ? AnswerPart.Data
        : json.ValueTextEquals("type"u8) ? AnswerPart.Type
        : json.ValueTextEquals("duration"u8) ? AnswerPart.Duration
        : json.ValueTextEquals("delta"u8) ? AnswerPart.Delta
        : json.ValueTextEquals("sequence_number"u8) ? AnswerPart.Sequence
        : json.ValueTextEquals("response"u8) ? AnswerPart.Response
        : json.ValueTextEquals("status"u8) ? AnswerPart.Status
        : json.ValueTextEquals("output"u8) ? AnswerPart.Output
        : AnswerPart.Other;

    public static AnswerPart Choice(ref Utf8JsonReader json) =>
        json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8) ? AnswerPart.Produced
        : json.ValueTextEquals("finish_reason"u8) ? AnswerPart.FinishReason
        : json.ValueTextEquals("text"u8) ? AnswerPart.Text
        : AnswerPart.Other;

    /// <summary>A name inside a delta, a message or the output of a response, at any depth.</summary>
    public static AnswerPart Produced(ref Utf8JsonReader json) =>
        json.ValueTextEquals("content"u8) || json.ValueTextEquals("text"u8) || json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("refusal"u8)
            ? AnswerPart.Text
        : json.ValueTextEquals("reasoning"u8) || json.ValueTextEquals("reasoning_content"u8) ? AnswerPart.Reasoning
        : AnswerPart.Other;

    /// <summary>A member of a delta or a message that repeats or annotates what another one says.</summary>
    public static bool SaysItAgain(ref Utf8JsonReader json) =>
        json.ValueTextEquals("reasoning_details"u8) || json.ValueTextEquals("annotations"u8);

    /// <summary>The type of an event that is the last of its stream.</summary>
    public static bool IsLast(ref Utf8JsonReader json) =>
        json.ValueTextEquals("response.completed"u8) || json.ValueTextEquals("response.incomplete"u8) || json.ValueTextEquals("response.failed"u8)
        || json.ValueTextEquals("speech.audio.done"u8) || json.ValueTextEquals("transcript.text.done"u8);

    /// <summary>A response's status, once it is over; null while it is at work.</summary>
    public static string? Over(ref Utf8JsonReader json) =>
        json.ValueTextEquals("completed"u8) ? "completed"
        : json.ValueTextEquals("incomplete"u8) ? "incomplete"
        : json.ValueTextEquals("failed"u8) ? "failed"
        : json.ValueTextEquals("cancelled"u8) ? "cancelled"
        : null;

    public static string? FinishReason(ref Utf8JsonReader json) =>
        json.ValueTextEquals("stop"u8) ? "stop"
        : json.ValueTextEquals("length"u8) ? "length"
        : json.ValueTextEquals("tool_calls"u8) ? "tool_calls"
        : json.ValueTextEquals("content_filter"u8) ? "content_filter"
        : json.GetString();
}

/// <summary>The members of an answer that are read in passing, at whichever level they stand.</summary>
internal enum AnswerPart
{
    Other,
    Id,
    Model,
    Created,
    Usage,
    Error,
    Choices,
    Data,
    Type,
    Duration,
    FinishReason,
    Produced,
    Text,
    Reasoning,
    Response,
    Output,
    Delta,
    Status,
    Sequence,
}

/// <summary>Measures the strings of a JSON text without making them.</summary>
internal static class JsonText
{
    /// <summary>The UTF-8 bytes of the string that the reader stands at, escapes resolved.</summary>
    public static long Length(ref Utf8JsonReader json)
    {
        if (!json.HasValueSequence)
        {
            return json.ValueIsEscaped ? Unescaped(json.ValueSpan) : json.ValueSpan.Length;
        }

        var length = (int)json.ValueSequence.Length;
        if (!json.ValueIsEscaped)
        {
            return length;
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        json.ValueSequence.CopyTo(rented);
        var unescaped = Unescaped(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return unescaped;
    }

    private static long Unescaped(ReadOnlySpan<byte> text)
    {
        long length = text.Length;
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0;)
        {
            var escape = text[at + 1] is (byte)'u' ? 6 : 2;
            length -= escape - (escape is 2 ? 1 : Utf8Length(text.Slice(at + 2, 4)));
            text = text[(at + escape)..];
        }

        return length;
    }

    // A half of a surrogate pair counts for 2: the two of them make one character of 4 bytes.
    private static int Utf8Length(ReadOnlySpan<byte> hex) =>
        Utf8Parser.TryParse(hex, out ushort unit, out _, 'x') ? unit switch
        {
            < 0x80 => 1,
            < 0x800 => 2,
            >= 0xD800 and <= 0xDFFF => 2,
            _ => 3,
        } : 0;
}
