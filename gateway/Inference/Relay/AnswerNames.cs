using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Says what the names in an answer mean, by the level at which they stand.</summary>
internal static class AnswerNames
{
    /// <summary>A name at the top of an answer, of a chunk or of an event.</summary>
    public static AnswerPart Top(ref Utf8JsonReader json) =>
        json.ValueTextEquals("choices"u8) ? AnswerPart.Choices
        : json.ValueTextEquals("usage"u8) ? AnswerPart.Usage
        : json.ValueTextEquals("x_groq"u8) ? AnswerPart.Vendor
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
        : json.ValueTextEquals("item"u8) ? AnswerPart.Item
        : json.ValueTextEquals("message"u8) ? AnswerPart.Message
        : json.ValueTextEquals("content"u8) ? AnswerPart.Blocks
        : json.ValueTextEquals("content_block"u8) ? AnswerPart.Block
        : json.ValueTextEquals("stop_reason"u8) ? AnswerPart.FinishReason
        : IsMedia(ref json) || json.ValueTextEquals("text"u8) || json.ValueTextEquals("results"u8) ? AnswerPart.Media
        : AnswerPart.Other;

    /// <summary>A name of one of the choices.</summary>
    public static AnswerPart Choice(ref Utf8JsonReader json) =>
        json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8) ? AnswerPart.Produced
        : json.ValueTextEquals("finish_reason"u8) ? AnswerPart.FinishReason
        : json.ValueTextEquals("text"u8) ? AnswerPart.Text
        : json.ValueTextEquals("index"u8) ? AnswerPart.Index
        : json.ValueTextEquals("usage"u8) ? AnswerPart.Usage
        : AnswerPart.Other;

    /// <summary>A name inside a delta, a message or the output of a response, at any depth.</summary>
    public static AnswerPart Produced(ref Utf8JsonReader json) =>
        json.ValueTextEquals("content"u8) || json.ValueTextEquals("text"u8) || json.ValueTextEquals("arguments"u8)
            || json.ValueTextEquals("refusal"u8) || json.ValueTextEquals("thinking"u8) || json.ValueTextEquals("input"u8) ? AnswerPart.Text
        : json.ValueTextEquals("name"u8) ? AnswerPart.CallName
        : json.ValueTextEquals("reasoning"u8) ? AnswerPart.Reasoning
        : json.ValueTextEquals("reasoning_content"u8) ? AnswerPart.ReasoningContent
        : json.ValueTextEquals("encrypted_content"u8) ? AnswerPart.Sealed
        : IsMedia(ref json) ? AnswerPart.Media
        : AnswerPart.Other;

    /// <summary>A name of a block of a message, or of the delta of one.</summary>
    public static AnswerPart Block(ref Utf8JsonReader json) =>
        json.ValueTextEquals("text"u8) || json.ValueTextEquals("thinking"u8) || json.ValueTextEquals("partial_json"u8)
            || json.ValueTextEquals("input"u8) ? AnswerPart.Text
        : json.ValueTextEquals("name"u8) ? AnswerPart.CallName
        : json.ValueTextEquals("data"u8) ? AnswerPart.Sealed
        : json.ValueTextEquals("stop_reason"u8) ? AnswerPart.FinishReason
        : AnswerPart.Other;

    /// <summary>A name inside <c>reasoning_details</c>: the reasoning again, or all that is seen of it.</summary>
    public static AnswerPart Detail(ref Utf8JsonReader json) =>
        json.ValueTextEquals("text"u8) || json.ValueTextEquals("summary"u8) ? AnswerPart.ReasoningDetail
        : json.ValueTextEquals("data"u8) ? AnswerPart.Sealed
        : AnswerPart.Other;

    /// <summary>Tells whether a member of a delta or a message holds <c>reasoning_details</c>.</summary>
    public static bool IsDetails(ref Utf8JsonReader json) => json.ValueTextEquals("reasoning_details"u8);

    /// <summary>
    /// Tells whether a member of a delta or a message holds nothing that the model wrote: notes on what another member
    /// says, or answers of tools that the upstream ran by itself.
    /// </summary>
    public static bool IsNotWritten(ref Utf8JsonReader json) =>
        json.ValueTextEquals("annotations"u8) || json.ValueTextEquals("executed_tools"u8);

    /// <summary>The type of an event that is the last of its stream.</summary>
    public static bool IsLast(ref Utf8JsonReader json) =>
        json.ValueTextEquals("response.completed"u8) || json.ValueTextEquals("response.incomplete"u8)
        || json.ValueTextEquals("response.failed"u8) || json.ValueTextEquals("speech.audio.done"u8)
        || json.ValueTextEquals("transcript.text.done"u8) || json.ValueTextEquals("message_stop"u8);

    /// <summary>A response's status, once it is over; null while it is at work.</summary>
    public static string? Over(ref Utf8JsonReader json) =>
        json.ValueTextEquals("completed"u8) ? "completed"
        : json.ValueTextEquals("incomplete"u8) ? "incomplete"
        : json.ValueTextEquals("failed"u8) ? AnswerReader.Failed
        : json.ValueTextEquals("cancelled"u8) ? "cancelled"
        : null;

    /// <summary>
    /// Reads why a choice has ended; null where it says nothing, which some upstreams write as an empty text.
    /// </summary>
    public static string? FinishReason(ref Utf8JsonReader json) =>
        json.ValueTextEquals("stop"u8) ? "stop"
        : json.ValueTextEquals("length"u8) ? "length"
        : json.ValueTextEquals("tool_calls"u8) ? "tool_calls"
        : json.ValueTextEquals("content_filter"u8) ? "content_filter"
        : json.ValueSpan.IsEmpty ? null
        : json.GetString();

    /// <summary>A name under which pictures and sound are sent.</summary>
    private static bool IsMedia(ref Utf8JsonReader json) =>
        json.ValueTextEquals("b64_json"u8) || json.ValueTextEquals("partial_image_b64"u8) || json.ValueTextEquals("audio"u8)
        || json.ValueTextEquals("url"u8) || json.ValueTextEquals("data"u8) || json.ValueTextEquals("result"u8);
}

/// <summary>The members of an answer that are read in passing, at whichever level they stand.</summary>
internal enum AnswerPart
{
    Other,
    Id,
    Model,
    Created,
    Usage,

    /// <summary>The member that an upstream adds under its own name: <c>x_groq</c>.</summary>
    Vendor,
    Error,
    Choices,
    Data,
    Type,
    Duration,
    FinishReason,

    /// <summary>The number of a choice.</summary>
    Index,

    /// <summary>The member that holds what a choice has produced: its delta or its message.</summary>
    Produced,
    Text,

    /// <summary>The name of a tool that is called.</summary>
    CallName,
    Reasoning,
    ReasoningContent,
    ReasoningDetail,

    /// <summary>Reasoning that is sent encrypted.</summary>
    Sealed,

    /// <summary>A picture, sound, or anything else that is content and no text.</summary>
    Media,
    Response,
    Output,

    /// <summary>One item of a response's output, in an event of its own.</summary>
    Item,

    /// <summary>A message that has only begun.</summary>
    Message,

    /// <summary>The array of blocks that a message consists of.</summary>
    Blocks,

    /// <summary>One block of a message, in the event that it begins with.</summary>
    Block,
    Delta,
    Status,
    Sequence,
}
