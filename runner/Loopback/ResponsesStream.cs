using System.Buffers;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A response as named events, each with the next number.</summary>
internal sealed class ResponsesStream(ResponsesJson response, LoopbackText text) : ILoopbackStream
{
    private int _sequence;

    public string ContentType => ServerEvent.ContentType;

    public int Pieces => text.Pieces.Count;

    public void Begin(IBufferWriter<byte> body)
    {
        Event(body, "response.created", json => Response(json, "in_progress"));
        Event(body, "response.in_progress", json => Response(json, "in_progress"));
        Event(body, "response.output_item.added", json => Item(json, "in_progress", said: null));
        Event(body, "response.content_part.added", json => Part(json, ""));
    }

    public void Piece(IBufferWriter<byte> body, int at) => Event(body, "response.output_text.delta", json =>
    {
        Place(json);
        json.WriteString("delta", text.Pieces[at]);
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
    });

    public void End(IBufferWriter<byte> body)
    {
        if (response.Status is not "failed")
        {
            Event(body, "response.output_text.done", json =>
            {
                Place(json);
                json.WriteString("text", text.Whole);
                json.WriteStartArray("logprobs");
                json.WriteEndArray();
            });
            Event(body, "response.content_part.done", json => Part(json, text.Whole));
            Event(body, "response.output_item.done", json => Item(json, response.Status, text.Whole));
        }

        Event(body, $"response.{response.Status}", json => Response(json, response.Status));
    }

    public bool Error(IBufferWriter<byte> body, LoopbackError error)
    {
        Event(body, "error", json =>
        {
            json.WriteString("code", error.Code ?? error.Type);
            json.WriteString("message", error.Message);
            json.WriteNull("param");
        });
        return true;
    }

    private void Event(IBufferWriter<byte> body, string name, Action<Utf8JsonWriter> write) => ServerEvent.Write(
        body,
        json =>
        {
            json.WriteString("type", name);
            json.WriteNumber("sequence_number", _sequence++);
            write(json);
        },
        name);

    private void Response(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject("response");
        response.Members(json, status);
        json.WriteEndObject();
    }

    private void Item(Utf8JsonWriter json, string status, string? said)
    {
        json.WriteNumber("output_index", 0);
        json.WritePropertyName("item");
        response.Message(json, status, said);
    }

    private void Part(Utf8JsonWriter json, string said)
    {
        Place(json);
        json.WritePropertyName("part");
        ResponsesJson.Part(json, said);
    }

    private void Place(Utf8JsonWriter json)
    {
        json.WriteString("item_id", response.MessageId);
        json.WriteNumber("output_index", 0);
        json.WriteNumber("content_index", 0);
    }
}
