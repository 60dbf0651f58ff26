using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A tool that the loopback upstream calls.</summary>
/// <param name="Arguments">As JSON.</param>
public sealed record LoopbackToolCall(string Name, string Arguments)
{
    internal void Write(Utf8JsonWriter json, string id, string arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteString("id", id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    internal static void WriteMore(Utf8JsonWriter json, string arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("function");
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
