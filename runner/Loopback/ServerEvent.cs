using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>Writes server-sent events.</summary>
internal static class ServerEvent
{
    public const string ContentType = "text/event-stream; charset=utf-8";

    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <param name="write">Fills the event's one JSON object.</param>
    /// <param name="name">Sent as the event's name where there is one.</param>
    public static void Write(IBufferWriter<byte> body, Action<Utf8JsonWriter> write, string? name = null)
    {
        body.Write(name is null ? [] : Encoding.UTF8.GetBytes($"event: {name}\n"));
        body.Write("data: "u8);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        body.Write("\n\n"u8);
    }

    /// <summary>The error as chat streams have it: in an event without a name.</summary>
    public static bool Error(IBufferWriter<byte> body, LoopbackError error)
    {
        body.Write("data: "u8);
        error.Write(body);
        body.Write("\n\n"u8);
        return true;
    }
}

/// <summary>An answer that goes out in pieces.</summary>
internal interface ILoopbackStream
{
    string ContentType { get; }

    int Pieces { get; }

    /// <summary>Writes what goes before the first piece.</summary>
    void Begin(IBufferWriter<byte> body);

    void Piece(IBufferWriter<byte> body, int at);

    /// <summary>Writes what goes behind the last piece.</summary>
    void End(IBufferWriter<byte> body);

    /// <summary>
    /// The error that ends it early. False where there is no way to say it: the connection then breaks.
    /// </summary>
    bool Error(IBufferWriter<byte> body, LoopbackError error);
}
