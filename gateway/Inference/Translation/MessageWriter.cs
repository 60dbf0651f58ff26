using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>Writes what messages consist of, whole or event by event.</summary>
internal static class MessageWriter
{
    /// <summary>The options of all that is translated: values are written as they came.</summary>
    public static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes a JSON object.</summary>
    public static void Object(IBufferWriter<byte> to, Action<Utf8JsonWriter> members)
    {
        using var json = new Utf8JsonWriter(to, Plain);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    }

    /// <summary>Writes an event of this type.</summary>
    /// <param name="members">Writes the members of its data, beside the type.</param>
    public static void Event(IBufferWriter<byte> to, string type, Action<Utf8JsonWriter> members)
    {
        to.Write("event: "u8);
        to.Write(Encoding.UTF8.GetBytes(type));
        to.Write("\ndata: "u8);
        Object(to, json =>
        {
            json.WriteString("type", type);
            members(json);
        });
        to.Write("\n\n"u8);
    }

    /// <summary>Writes the members with which a message begins.</summary>
    public static void Head(Utf8JsonWriter json, string id, string model)
    {
        json.WriteString("id", id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", model);
    }

    /// <summary>Writes why a message has ended; null where it has not.</summary>
    public static void Stop(Utf8JsonWriter json, string? reason, string? sequence)
    {
        json.WriteString("stop_reason", reason);
        json.WriteString("stop_sequence", sequence);
    }

    /// <summary>Writes usage: what came from the cache is told apart, and is no part of the input.</summary>
    public static void Usage(Utf8JsonWriter json, MeteredUsage used)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", used.Prompt - used.Cached);
        json.WriteNumber("cache_creation_input_tokens", 0);
        json.WriteNumber("cache_read_input_tokens", used.Cached);
        json.WriteNumber("output_tokens", used.Completion);
        json.WriteEndObject();
    }

    /// <summary>Writes an error, as a body or as the data of an event.</summary>
    /// <param name="message">As it is written; null where there is none.</param>
    public static void Error(Utf8JsonWriter json, string type, JsonElement? message, string otherwise)
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", type);
        if (message is { } said)
        {
            json.Copy("message", said);
        }
        else
        {
            json.WriteString("message", otherwise);
        }
    }
}

/// <summary>Says what of a request its translated answer is made with.</summary>
/// <param name="Id">The id of an answer that the upstream gave none.</param>
/// <param name="PromptBytes">The size of the prompt, for usage that the upstream does not report.</param>
/// <param name="PromptTokens">The prompt's tokens as far as they are known before the answer, an estimate.</param>
internal sealed record TranslatedRequest(string Id, long PromptBytes, long PromptTokens)
{
    /// <summary>Makes the usage that the caller is told: what is booked for an answer that ends so.</summary>
    public MeteredUsage Used(RelayResult seen) => seen.IsNothing
        ? MeteredUsage.None
        : UsageEstimator.Complete(seen.Usage, PromptBytes, seen.CompletionBytes, Surface.Messages.Measures);
}

/// <summary>Says why messages end, by how chat completions do.</summary>
internal static class StopReason
{
    public const string ToolUse = "tool_use";

    /// <param name="calls">Whether a tool is called: some upstreams say no more than that they have stopped.</param>
    /// <param name="sequence">The stop sequence that the upstream says it met; null where it says nothing.</param>
    public static string Of(string? finishReason, bool calls, string? sequence) => finishReason switch
    {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        "tool_calls" or "function_call" => ToolUse,
        _ when calls => ToolUse,
        _ when sequence is not null => "stop_sequence",
        _ => "end_turn",
    };

    /// <summary>The stop sequence that a choice names as the one it met; null where it names none.</summary>
    public static string? SequenceOf(JsonElement choice) =>
        (choice.Text("stop_reason") ?? choice.Text("matched_stop"))?.GetString();
}
