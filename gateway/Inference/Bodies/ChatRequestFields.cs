using System.Text.Json;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>The names of the members that we act on, however they are escaped.</summary>
internal static class ChatRequestFields
{
    public static string Name(this ChatRequestField field) => field switch
    {
        ChatRequestField.Model => "model",
        ChatRequestField.Stream => "stream",
        ChatRequestField.Messages => "messages",
        ChatRequestField.StreamOptions => "stream_options",
        ChatRequestField.IncludeUsage => "stream_options.include_usage",
        ChatRequestField.MaxTokens => "max_tokens",
        ChatRequestField.MaxCompletionTokens => "max_completion_tokens",
        ChatRequestField.MaxOutputTokens => "max_output_tokens",
        ChatRequestField.N => "n",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "Not one member."),
    };

    /// <summary>The member of the body that the reader stands at the name of.</summary>
    public static ChatRequestField Read(ref Utf8JsonReader json) =>
        json.ValueTextEquals("model"u8) ? ChatRequestField.Model
        : json.ValueTextEquals("messages"u8) ? ChatRequestField.Messages
        : json.ValueTextEquals("stream"u8) ? ChatRequestField.Stream
        : json.ValueTextEquals("stream_options"u8) ? ChatRequestField.StreamOptions
        : json.ValueTextEquals("max_tokens"u8) ? ChatRequestField.MaxTokens
        : json.ValueTextEquals("max_completion_tokens"u8) ? ChatRequestField.MaxCompletionTokens
        : json.ValueTextEquals("max_output_tokens"u8) ? ChatRequestField.MaxOutputTokens
        : json.ValueTextEquals("n"u8) ? ChatRequestField.N
        : ChatRequestField.Other;
}
