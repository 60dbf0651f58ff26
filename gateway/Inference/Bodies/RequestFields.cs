using System.Text.Json;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>The names of the members that we act on, however they are escaped. Each surface has its own.</summary>
internal static class RequestFields
{
    private const RequestField Ceilings = RequestField.MaxTokens | RequestField.MaxCompletionTokens | RequestField.MaxOutputTokens;

    private const RequestField OfChat =
        RequestField.Content | RequestField.Stream | RequestField.StreamOptions | RequestField.N | Ceilings;

    private const RequestField OfImages = RequestField.Content | RequestField.Stream | RequestField.N | RequestField.Size;

    public static string Name(this RequestField field, Surface surface) => field switch
    {
        RequestField.Model => "model",
        RequestField.Content => ContentName(surface),
        RequestField.Stream => "stream",
        RequestField.StreamOptions => "stream_options",
        RequestField.IncludeUsage => "stream_options.include_usage",
        RequestField.MaxTokens => "max_tokens",
        RequestField.MaxCompletionTokens => "max_completion_tokens",
        RequestField.MaxOutputTokens => "max_output_tokens",
        RequestField.N => "n",
        RequestField.Size => "size",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "Not one member."),
    };

    /// <summary>The member without which a request asks for nothing.</summary>
    public static string ContentName(Surface surface) => surface switch
    {
        Surface.ChatCompletions => "messages",
        Surface.Embeddings => "input",
        Surface.ImageGenerations => "prompt",
    };

    /// <summary>The member of the body that the reader stands at the name of.</summary>
    public static RequestField Read(ref Utf8JsonReader json, Surface surface)
    {
        if (json.ValueTextEquals("model"u8))
        {
            return RequestField.Model;
        }

        var field = json.ValueTextEquals(ContentName(surface)) ? RequestField.Content : Named(ref json);
        return field is RequestField.Aside || (field & Of(surface)) is not 0 ? field : RequestField.Other;
    }

    private static RequestField Of(Surface surface) => surface switch
    {
        Surface.ChatCompletions => OfChat,
        Surface.Embeddings => RequestField.Content,
        Surface.ImageGenerations => OfImages,
    };

    private static RequestField Named(ref Utf8JsonReader json) =>
        json.ValueTextEquals("stream"u8) ? RequestField.Stream
        : json.ValueTextEquals("stream_options"u8) ? RequestField.StreamOptions
        : json.ValueTextEquals("max_tokens"u8) ? RequestField.MaxTokens
        : json.ValueTextEquals("max_completion_tokens"u8) ? RequestField.MaxCompletionTokens
        : json.ValueTextEquals("max_output_tokens"u8) ? RequestField.MaxOutputTokens
        : json.ValueTextEquals("n"u8) ? RequestField.N
        : json.ValueTextEquals("size"u8) ? RequestField.Size
        : IsAside(ref json) ? RequestField.Aside
        : RequestField.Other;

    private static bool IsAside(ref Utf8JsonReader json) =>
        json.ValueTextEquals("user"u8) || json.ValueTextEquals("metadata"u8) || json.ValueTextEquals("logit_bias"u8)
        || json.ValueTextEquals("safety_identifier"u8) || json.ValueTextEquals("prompt_cache_key"u8);
}
