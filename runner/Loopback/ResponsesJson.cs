using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A response and its parts, in the shapes that OpenAI sends.</summary>
internal sealed class ResponsesJson(LoopbackRequest request, ResponsesTurn turn, LoopbackText text, LoopbackScript script, DateTimeOffset created)
{
    /// <summary>The script's <see cref="LoopbackScript.FinishReason"/> that makes a response fail at its end.</summary>
    private const string Failed = "failed";

    public string MessageId { get; } = string.Create(CultureInfo.InvariantCulture, $"msg_loopback{request.Number}");

    /// <summary>
    /// Gets the status with which the response ends: <c>completed</c>, <c>incomplete</c> or <c>failed</c>.
    /// </summary>
    public string Status => script.FinishReason is Failed ? Failed : text.Cut || script.FinishReason is "length" ? "incomplete" : "completed";

    public void Whole(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        Members(json, Status);
        json.WriteEndObject();
    }

    /// <summary>The response as it stands; output and usage are there once it is no longer in progress.</summary>
    public void Members(Utf8JsonWriter json, string status)
    {
        var over = status is not "in_progress";
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"resp_loopback{request.Number}"));
        json.WriteString("object", "response");
        json.WriteNumber("created_at", created.ToUnixTimeSeconds());
        json.WriteString("status", status);
        Maybe(json, "error", status is Failed, static json =>
        {
            json.WriteString("code", "server_error");
            json.WriteString("message", LoopbackError.Of(500).Message);
        });
        Maybe(json, "incomplete_details", status is "incomplete", static json => json.WriteString("reason", "max_output_tokens"));
        json.WriteString("instructions", turn.Instructions);
        Number(json, "max_output_tokens", turn.MaxWords);
        json.WriteString("model", turn.Model);
        json.WriteStartArray("output");
        if (over && status is not Failed)
        {
            Message(json, status, text.Whole);
        }

        json.WriteEndArray();
        Settings(json);
        Maybe(json, "usage", over && script.Usage is not LoopbackUsage.None, Usage);
        json.WriteNull("user");
        json.WriteStartObject("metadata");
        json.WriteEndObject();
    }

    /// <param name="said">Null where nothing was said yet.</param>
    public void Message(Utf8JsonWriter json, string status, string? said)
    {
        json.WriteStartObject();
        json.WriteString("id", MessageId);
        json.WriteString("type", "message");
        json.WriteString("status", status);
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        if (said is not null)
        {
            Part(json, said);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Part(Utf8JsonWriter json, string said)
    {
        json.WriteStartObject();
        json.WriteString("type", "output_text");
        json.WriteString("text", said);
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Settings(Utf8JsonWriter json)
    {
        json.WriteBoolean("parallel_tool_calls", true);
        json.WriteNull("previous_response_id");
        json.WriteStartObject("reasoning");
        json.WriteNull("effort");
        json.WriteNull("summary");
        json.WriteEndObject();
        json.WriteBoolean("store", false);
        json.WriteNumber("temperature", 1);
        json.WriteStartObject("text");
        json.WriteStartObject("format");
        json.WriteString("type", "text");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("tool_choice", "auto");
        json.WriteStartArray("tools");
        json.WriteEndArray();
        json.WriteNumber("top_p", 1);
        json.WriteString("truncation", "disabled");
    }

    private void Usage(Utf8JsonWriter json)
    {
        var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
        var (input, output) = (turn.PromptWords * counted, text.Words * counted);
        json.WriteNumber("input_tokens", input);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", output);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", input + output);
    }

    /// <summary>An object where there is something to say, else null.</summary>
    private static void Maybe(Utf8JsonWriter json, string name, bool there, Action<Utf8JsonWriter> write)
    {
        if (!there)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        write(json);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } there)
        {
            json.WriteNumber(name, there);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

/// <summary>Holds what the loopback upstream takes from a request to <c>responses</c>.</summary>
/// <param name="UserText">The input, or its last user message's text.</param>
/// <param name="PromptWords">Of all input and of the instructions.</param>
public sealed record ResponsesTurn(string Model, bool Stream, string UserText, string? Instructions, int PromptWords, int? MaxWords) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => UserText;

    internal static ResponsesTurn? Read(JsonElement root)
    {
        if (TurnReading.Text(root, "model") is not { } model
            || TurnReading.Member(root, "input") is not { ValueKind: JsonValueKind.String or JsonValueKind.Array } input)
        {
            return null;
        }

        var texts = input.ValueKind is JsonValueKind.String
            ? [("user", input.GetString()!)]
            : input.EnumerateArray()
                .Select(item => (Role: TurnReading.Text(item, "role"), Text: TurnReading.Content(TurnReading.Member(item, "content"))))
                .ToList();
        var instructions = TurnReading.Text(root, "instructions");
        return new ResponsesTurn(
            model,
            TurnReading.Is(root, "stream"),
            texts.LastOrDefault(item => item.Role is "user").Text ?? "",
            instructions,
            texts.Sum(item => TurnReading.Words(item.Text).Length) + TurnReading.Words(instructions ?? "").Length,
            TurnReading.Number(root, "max_output_tokens"));
    }
}
