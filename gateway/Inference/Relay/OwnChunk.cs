using System.Buffers;
using System.Text.Json;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Events that we write into a stream ourselves, in the guise of the upstream's.</summary>
public static class OwnChunk
{
    /// <summary>
    /// The last event of a stream that breaks. Of chunks: one with both <c>error</c> and <c>finish_reason: "error"</c>;
    /// some clients notice the one, some the other. Of events: one named <c>error</c> that says it flat, as responses
    /// do, and in an
    /// <c>error</c> too, which is what makes SDKs throw; of messages only so. All clients notice the connection that is
    /// aborted after it.
    /// </summary>
    /// <param name="error">The whole error, a JSON object.</param>
    public static void WriteBroken(
        IBufferWriter<byte> caller, StreamShape shape, ChunkHead head, string code, string message, ReadOnlySpan<byte> error)
    {
        caller.Write(shape is StreamShape.Events or StreamShape.Messages ? "event: error\ndata: "u8 : "data: "u8);
        using (var json = new Utf8JsonWriter(caller))
        {
            json.WriteStartObject();
            if (shape is StreamShape.Events)
            {
                json.WriteString("type"u8, "error"u8);
                json.WriteString("code"u8, code);
                json.WriteString("message"u8, message);
                json.WriteNull("param"u8);
                json.WriteNumber("sequence_number"u8, head.Sequence);
            }
            else if (shape is StreamShape.Messages)
            {
                json.WriteString("type"u8, "error"u8);
            }
            else
            {
                Head(json, shape, head);
                Nothing(json, shape);
                json.WriteEndArray();
            }

            json.WritePropertyName("error"u8);
            json.WriteRawValue(error, skipInputValidation: true);
            json.WriteEndObject();
        }

        caller.Write("\n\n"u8);
    }

    internal static void WriteBroken(IBufferWriter<byte> caller, StreamShape shape, ChunkHead head, bool timedOut)
    {
        var (code, message) = timedOut
            ? ("upstream_timeout", "The upstream fell silent before the answer was complete. Send the request again.")
            : ("upstream_error", "The upstream broke off before the answer was complete. Send the request again.");
        var error = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(error))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, shape is not StreamShape.Messages ? "upstream_error" : timedOut ? "timeout_error" : "api_error");
            json.WriteEndObject();
        }

        WriteBroken(caller, shape, head, code, message, error.WrittenSpan);
    }

    /// <summary>A chunk with nothing but the addendum, for a stream that has no usage chunk to carry it.</summary>
    internal static void WriteAddendum(IBufferWriter<byte> caller, StreamShape shape, ChunkHead head, ReadOnlyMemory<byte> addendum)
    {
        caller.Write(shape is StreamShape.Messages ? "event: ping\ndata: "u8 : "data: "u8);
        using (var json = new Utf8JsonWriter(caller))
        {
            json.WriteStartObject();
            if (shape is StreamShape.Events or StreamShape.Messages)
            {
                // Clients of messages know all their events, and pass over what a ping holds.
                json.WriteString("type"u8, shape is StreamShape.Messages ? "ping"u8 : "freeway"u8);
            }
            else
            {
                Head(json, shape, head);
                json.WriteEndArray();
            }

            json.WritePropertyName("freeway"u8);
            json.WriteRawValue(addendum.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        caller.Write("\n\n"u8);
    }

    internal static ChunkHead HeadOf(AnswerReader answer, DateTimeOffset now) => new(
        answer.Id ?? "freeway",
        answer.Created ?? now.ToUnixTimeSeconds(),
        answer.Model ?? "",
        (answer.Sequence ?? -1) + 1);

    /// <summary>Writes the head of a chunk, up to the opening of the array of choices.</summary>
    private static void Head(Utf8JsonWriter json, StreamShape shape, ChunkHead head)
    {
        json.WriteString("id"u8, head.Id);
        json.WriteString("object"u8, shape is StreamShape.TextChunks ? "text_completion"u8 : "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, head.Created);
        json.WriteString("model"u8, head.Model);
        json.WriteStartArray("choices"u8);
    }

    /// <summary>A choice that says nothing but that it has ended in an error.</summary>
    private static void Nothing(Utf8JsonWriter json, StreamShape shape)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        if (shape is StreamShape.TextChunks)
        {
            json.WriteString("text"u8, ""u8);
        }
        else
        {
            json.WriteStartObject("delta"u8);
            json.WriteEndObject();
        }

        json.WriteString("finish_reason"u8, "error"u8);
        json.WriteEndObject();
    }
}

/// <summary>
/// Holds what the chunks of one stream have in common, and the number of the next where they are numbered.
/// </summary>
/// <param name="Created">Seconds since 1970.</param>
public readonly record struct ChunkHead(string Id, long Created, string Model, long Sequence);
