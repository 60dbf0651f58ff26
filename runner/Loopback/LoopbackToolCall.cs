using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A tool that the loopback upstream calls.</summary>
/// <param name="Arguments">As JSON.</param>
public sealed record LoopbackToolCall(string Name, string Arguments)
{
    /// <summary>Of a stream, as OpenAI cuts it: the name with no arguments yet, then the arguments in two halves.</summary>
    internal const int Pieces = 3;

    internal void Write(Utf8JsonWriter json, string id) => Write(json, id, Arguments);

    internal void WritePiece(Utf8JsonWriter json, string id, int at)
    {
        var half = Arguments.Length / 2;
        Write(json, at is 0 ? id : null, at switch { 0 => "", 1 => Arguments[..half], _ => Arguments[half..] });
    }

    /// <param name="id">Null where the call has begun before.</param>
    private void Write(Utf8JsonWriter json, string? id, string arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        if (id is not null)
        {
            json.WriteString("id", id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (id is not null)
        {
            json.WriteString("name", Name);
        }

        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
