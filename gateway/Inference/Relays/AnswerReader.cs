using System.Text.Json;
using Freeway.Gateway.Metering;

namespace Freeway.Gateway.Inference.Relays;

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

    private UsageReader _usage;
    private AnswerPart _top;
    private AnswerPart _choice;
    private AnswerPart _produced;
    private bool _muted;
    private long _reasoning;
    private long? _duration;

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    /// <summary>Seconds since 1970.</summary>
    public long? Created { get; private set; }

    public string? FinishReason { get; private set; }

    public long TextBytes { get; private set; }

    public bool HasError { get; private set; }

    /// <summary>Items of <c>data</c>, or events that each bring one.</summary>
    public int Items { get; private set; }

    /// <summary>Whether an event said that an image is complete: such streams have no other end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the document read last carried usage and no choice.</summary>
    public bool IsUsageOnly => HasUsage && Choices is 0;

    private bool HasUsage { get; set; }

    private int Choices { get; set; }

    /// <summary>Makes ready for the next chunk.</summary>
    public void Begin()
    {
        (_top, _choice, _produced, _muted) = (AnswerPart.Other, AnswerPart.Other, AnswerPart.Other, false);
        (HasUsage, Choices) = (false, 0);
    }

    public void Take(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.PropertyName)
        {
            Name(ref json);
        }
        else if (json.CurrentDepth is TopDepth)
        {
            TopValue(ref json);
        }
        else if (_top is AnswerPart.Usage)
        {
            if (json.CurrentDepth is UsageDepth)
            {
                _usage.Value(ref json);
            }
        }
        else if (_top is AnswerPart.Choices)
        {
            ChoiceValue(ref json);
        }
        else if (_top is AnswerPart.Data && json.CurrentDepth is ItemDepth && json.TokenType is JsonTokenType.StartObject)
        {
            Items++;
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

    private void Name(ref Utf8JsonReader json)
    {
        if (json.CurrentDepth is TopDepth)
        {
            _top = AnswerNames.Top(ref json);
        }
        else if (_top is AnswerPart.Usage && json.CurrentDepth is UsageDepth)
        {
            _usage.Name(ref json);
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
            case AnswerPart.Type when json.TokenType is JsonTokenType.String && json.ValueTextEquals("image_generation.completed"u8):
                IsComplete = true;
                Items++;
                break;
            case AnswerPart.Duration when json.TokenType is JsonTokenType.Number && UsageReader.Count(ref json) is > 0 and var duration:
                _duration = duration;
                break;
            case AnswerPart.Error when json.TokenType is not JsonTokenType.Null:
                HasError = true;
                break;
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
