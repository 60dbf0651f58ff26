using System.Buffers;
using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>
/// Writes a request of the Messages API as one of chat completions. Strings are copied as they are written. What chat
/// completions have no word for is left out where the answer stays the same kind of answer, and refused where not.
/// </summary>
public static class MessagesToChat
{
    private const int MaxDepth = 128;

    /// <summary>Budgets for thinking, in tokens, from which on the effort is medium, and high.</summary>
    private const int MediumBudget = 4 * 1024, HighBudget = 16 * 1024;

    /// <param name="body">A JSON object, as an upstream that speaks the Messages API would be sent it.</param>
    /// <returns>The refusal names the member that cannot be translated.</returns>
    public static Result<JsonPieces> Translate(JsonPieces body)
    {
        var written = new ArrayBufferWriter<byte>();
        try
        {
            using var document = JsonDocument.Parse(
                JsonSegment.Join(body.Pieces), new JsonDocumentOptions { MaxDepth = MaxDepth });
            using var json = new Utf8JsonWriter(written, MessageWriter.Plain);
            if (Write(json, document.RootElement) is { } refusal)
            {
                return refusal;
            }
        }
        catch (InvalidOperationException)
        {
            return Refuse.InvalidJson("an escape such as \\ud83d stands alone; it needs its other half.");
        }

        return new JsonPieces([written.WrittenMemory]);
    }

    private static Refusal? Write(Utf8JsonWriter json, JsonElement request)
    {
        json.WriteStartObject();
        json.Copy("model", request.Member("model"));
        var conversation = new ChatConversation(json);
        conversation.Write(request.Member("system"), request.Member("messages"));
        json.Copy("max_tokens", request.Member("max_tokens"));
        json.Copy("temperature", request.Member("temperature"));
        json.Copy("top_p", request.Member("top_p"));
        json.Copy("stop", request.Member("stop_sequences"));
        if (request.Member("stream") is { ValueKind: JsonValueKind.True })
        {
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
        }

        var refusal = conversation.Refusal ?? Tools(json, request.Member("tools"));
        ToolChoice(json, request.Member("tool_choice"));
        Thinking(json, request);
        AnswerFormat(json, request);
        if (request.Member("service_tier").Is("flex"))
        {
            json.WriteString("service_tier", "flex");
        }

        json.WriteEndObject();
        return refusal;
    }

    private static Refusal? Tools(Utf8JsonWriter json, JsonElement? tools)
    {
        // An empty list means none to Anthropic, and is refused by many upstreams of chat completions.
        if (tools is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0)
        {
            return null;
        }

        json.WriteStartArray("tools");
        var at = 0;
        foreach (var tool in list.EnumerateArray())
        {
            var type = tool.Member("type");
            if (type is { ValueKind: JsonValueKind.String } && !type.Is("custom"))
            {
                return Refuse.InvalidField(
                    $"tools[{at}].type",
                    $"'{type.Value.GetString()}' is a tool that the upstream would have to run, and this model's "
                        + "upstream cannot. Leave it out, or choose another model.");
            }

            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.Copy("name", tool.Member("name"));
            json.Copy("description", tool.Member("description"));
            json.Copy("parameters", tool.Member("input_schema"));
            json.Copy("strict", tool.Member("strict"));
            json.WriteEndObject();
            json.WriteEndObject();
            at++;
        }

        json.WriteEndArray();
        return null;
    }

    private static void ToolChoice(Utf8JsonWriter json, JsonElement? choice)
    {
        var type = choice.Member("type");
        if (type.Is("tool"))
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.Copy("name", choice.Member("name"));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (type.Is("any"))
        {
            json.WriteString("tool_choice", "required");
        }
        else if (type.Is("auto") || type.Is("none"))
        {
            json.Copy("tool_choice", type);
        }

        if (choice.Member("disable_parallel_tool_use") is { ValueKind: JsonValueKind.True })
        {
            json.WriteBoolean("parallel_tool_calls", false);
        }
    }

    /// <summary>Writes how much the model is to think, as the effort that it comes nearest to.</summary>
    private static void Thinking(Utf8JsonWriter json, JsonElement request)
    {
        var effort = request.Member("output_config").Member("effort");
        if (effort is { ValueKind: JsonValueKind.String })
        {
            // Chat completions know no more than high.
            var isKnown = effort.Is("low") || effort.Is("medium") || effort.Is("high");
            json.WriteString("reasoning_effort", isKnown ? effort.Value.GetString() : "high");
            return;
        }

        var thinking = request.Member("thinking");
        if (thinking.Member("type").Is("enabled")
            && thinking.Member("budget_tokens") is { ValueKind: JsonValueKind.Number } budget
            && budget.TryGetInt32(out var tokens))
        {
            var written = tokens switch { >= HighBudget => "high", >= MediumBudget => "medium", _ => "low" };
            json.WriteString("reasoning_effort", written);
        }
    }

    private static void AnswerFormat(Utf8JsonWriter json, JsonElement request)
    {
        var format = request.Member("output_config").Member("format") ?? request.Member("output_format");
        if (!format.Member("type").Is("json_schema"))
        {
            return;
        }

        json.WriteStartObject("response_format");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("json_schema");
        json.WriteString("name", "answer");
        json.WriteBoolean("strict", true);
        json.Copy("schema", format.Member("schema"));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Reads members of JSON that may not be there, and copies values as they are written.</summary>
internal static class JsonCopying
{
    /// <summary>The member's value; null where the value is no object, or has no such member.</summary>
    public static JsonElement? Member(this JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    /// <inheritdoc cref="Member(JsonElement?, string)"/>
    public static JsonElement? Member(this JsonElement of, string name) => ((JsonElement?)of).Member(name);

    public static bool Is(this JsonElement? value, string text) =>
        value is { ValueKind: JsonValueKind.String } written && written.ValueEquals(text);

    /// <summary>The member's value where it is a string that is not empty; else null.</summary>
    public static JsonElement? Text(this JsonElement of, string name) =>
        of.Member(name) is { ValueKind: JsonValueKind.String } text && !text.ValueEquals("") ? text : null;

    /// <summary>Writes a member with a value as it is written; nothing where there is none, or it is null.</summary>
    public static void Copy(this Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { ValueKind: not JsonValueKind.Null } there)
        {
            json.WritePropertyName(name);
            json.Copy(there);
        }
    }

    /// <summary>Writes a value as it is written, also a string that ends in half a character.</summary>
    public static void Copy(this Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
