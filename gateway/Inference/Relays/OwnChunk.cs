using System.Buffers;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>Events that we write into a stream ourselves, in the guise of the upstream's.</summary>
internal static class OwnChunk
{
    /// <summary>
    /// The last event of a stream that breaks: a chunk with both <c>error</c> and <c>finish_reason: "error"</c>. Some clients
    /// notice the one, some the other, all of them the connection that is aborted after it.
    /// </summary>
    public static void WriteBroken(IBufferWriter<byte> caller, AnswerReader answer, DateTimeOffset now, bool timedOut)
    {
        caller.Write("data: "u8);
        using (var json = new Utf8JsonWriter(caller))
        {
            Head(json, answer, now);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            json.WriteEndObject();
            json.WriteString("finish_reason"u8, "error"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, timedOut ? "upstream_timeout"u8 : "upstream_error"u8);
            json.WriteString("message"u8, timedOut
                ? "The upstream fell silent before the answer was complete. Send the request again."u8
                : "The upstream broke off before the answer was complete. Send the request again."u8);
            json.WriteString("type"u8, "upstream_error"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        caller.Write("\n\n"u8);
    }

    /// <summary>A chunk with nothing but the addendum, for a stream that has no usage chunk to carry it.</summary>
    public static void WriteAddendum(IBufferWriter<byte> caller, AnswerReader answer, DateTimeOffset now, ReadOnlyMemory<byte> addendum)
    {
        caller.Write("data: "u8);
        using (var json = new Utf8JsonWriter(caller))
        {
            Head(json, answer, now);
            json.WriteEndArray();
            json.WritePropertyName("freeway"u8);
            json.WriteRawValue(addendum.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        caller.Write("\n\n"u8);
    }

    /// <summary>As far as into the array of choices.</summary>
    private static void Head(Utf8JsonWriter json, AnswerReader answer, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, answer.Id ?? "freeway");
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, answer.Created ?? now.ToUnixTimeSeconds());
        json.WriteString("model"u8, answer.Model ?? "");
        json.WriteStartArray("choices"u8);
    }
}
