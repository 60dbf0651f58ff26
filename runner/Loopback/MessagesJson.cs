using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A message, whole or as named events, in the shapes that Anthropic sends.</summary>
internal sealed class MessagesJson(LoopbackRequest request, MessagesTurn turn, LoopbackText text, LoopbackScript script) : ILoopbackStream
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"msg_loopback{request.Number}");

    public string ContentType => ServerEvent.ContentType;

    /// <summary>A call is cut as OpenAI cuts it, but for the name, which stands in the event before.</summary>
    public int Pieces => script.ToolCall is null ? text.Pieces.Count : 2;

    private string StopReason => script.ToolCall is not null ? "tool_use"
        : text.Cut ? "max_tokens"
        : script.FinishReason is "stop" ? "end_turn" : script.FinishReason;

    private string CallId => $"toolu_{_id}";

    public void Whole(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        Members(json, StopReason, text.Words, withContent: true);
        json.WriteEndObject();
    }

    public void Begin(IBufferWriter<byte> body)
    {
        Event(body, "message_start", json =>
        {
            json.WriteStartObject("message");
            Members(json, stopReason: null, outputTokens: 1, withContent: false);
            json.WriteEndObject();
        });
        Event(body, "content_block_start", json =>
        {
            json.WriteNumber("index", 0);
            json.WritePropertyName("content_block");
            Block(json, said: "", input: "{}");
        });
        Event(body, "ping", static _ => { });
    }

    public void Piece(IBufferWriter<byte> body, int at) => Event(body, "content_block_delta", json =>
    {
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        if (script.ToolCall is { } call)
        {
            var half = call.Arguments.Length / 2;
            json.WriteString("type", "input_json_delta");
            json.WriteString("partial_json", at is 0 ? call.Arguments[..half] : call.Arguments[half..]);
        }
        else
        {
            json.WriteString("type", "text_delta");
            json.WriteString("text", text.Pieces[at]);
        }

        json.WriteEndObject();
    });

    public void End(IBufferWriter<byte> body)
    {
        Event(body, "content_block_stop", static json => json.WriteNumber("index", 0));
        Event(body, "message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", StopReason);
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            if (script.Usage is not LoopbackUsage.None)
            {
                json.WriteStartObject("usage");
                json.WriteNumber("output_tokens", script.Usage is LoopbackUsage.Zero ? 0 : text.Words);
                json.WriteEndObject();
            }
        });
        Event(body, "message_stop", static _ => { });
    }

    public bool Error(IBufferWriter<byte> body, LoopbackError error)
    {
        ServerEvent.Write(body, error.MessagesMembers, "error");
        return true;
    }

    private static void Event(IBufferWriter<byte> body, string name, Action<Utf8JsonWriter> write) => ServerEvent.Write(
        body,
        json =>
        {
            json.WriteString("type", name);
            write(json);
        },
        name);

    private void Members(Utf8JsonWriter json, string? stopReason, int outputTokens, bool withContent)
    {
        json.WriteString("id", _id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", turn.Model);
        json.WriteStartArray("content");
        if (withContent)
        {
            Block(json, text.Whole, script.ToolCall?.Arguments ?? "{}");
        }

        json.WriteEndArray();
        json.WriteString("stop_reason", stopReason);
        json.WriteNull("stop_sequence");
        if (script.Usage is not LoopbackUsage.None)
        {
            var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", turn.PromptWords * counted);
            json.WriteNumber("cache_creation_input_tokens", 0);
            json.WriteNumber("cache_read_input_tokens", 0);
            json.WriteNumber("output_tokens", outputTokens * counted);
            json.WriteEndObject();
        }
    }

    /// <param name="input">What the tool is called with, as JSON.</param>
    private void Block(Utf8JsonWriter json, string said, string input)
    {
        json.WriteStartObject();
        if (script.ToolCall is { } call)
        {
            json.WriteString("type", "tool_use");
            json.WriteString("id", CallId);
            json.WriteString("name", call.Name);
            json.WritePropertyName("input");
            json.WriteRawValue(input);
        }
        else
        {
            json.WriteString("type", "text");
            json.WriteString("text", said);
        }

        json.WriteEndObject();
    }
}

/// <summary>Holds what the loopback upstream takes from a request of the Messages API.</summary>
/// <param name="UserText">The last user message's text.</param>
/// <param name="PromptWords">Of the system prompt and all messages together.</param>
public sealed record MessagesTurn(string Model, bool Stream, string UserText, int PromptWords, int MaxWords) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => UserText;

    internal static MessagesTurn? Read(JsonElement root)
    {
        if (TurnReading.Text(root, "model") is not { } model
            || TurnReading.Number(root, "max_tokens") is not { } most
            || TurnReading.Member(root, "messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return null;
        }

        var texts = messages.EnumerateArray()
            .Select(message => (Role: TurnReading.Text(message, "role"), Text: TurnReading.Content(TurnReading.Member(message, "content"))))
            .ToList();
        var system = TurnReading.Words(TurnReading.Content(TurnReading.Member(root, "system"))).Length;
        return new MessagesTurn(
            model,
            TurnReading.Is(root, "stream"),
            texts.LastOrDefault(message => message.Role is "user").Text ?? "",
            system + texts.Sum(message => TurnReading.Words(message.Text).Length),
            most);
    }
}
