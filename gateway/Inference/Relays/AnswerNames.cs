using System.Text.Json;

namespace Freeway.Gateway.Inference.Relays;

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
