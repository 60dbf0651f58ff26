using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>The bodies of one answer, in the shapes that OpenAI sends.</summary>
internal sealed class LoopbackJson(LoopbackRequest request, ChatTurn chat, LoopbackText text, LoopbackScript script, DateTimeOffset created)
    : ILoopbackStream
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-loopback{request.Number}");

    private string CallId => $"call_{_id}";

    private string FinishReason => script.ToolCall is not null ? "tool_calls" : text.Cut ? "length" : script.FinishReason;

    public void Whole(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        Head(json, "chat.completion");
        for (var index = 0; index < chat.Choices; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", script.ToolCall is null ? text.Whole : null);
            script.ToolCall?.Write(json, CallId);
            json.WriteNull("refusal");
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", FinishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (script.Usage is not LoopbackUsage.None)
        {
            Usage(json);
        }

        json.WriteEndObject();
    }

    public string ContentType => ServerEvent.ContentType;

    public int Pieces => script.ToolCall is null ? text.Pieces.Count : LoopbackToolCall.Pieces;

    public void Begin(IBufferWriter<byte> body) => Chunks(body, finishReason: null, static json =>
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteNull("refusal");
    });

    public void Piece(IBufferWriter<byte> body, int at) =>
        Chunks(body, finishReason: null, json =>
        {
            if (script.ToolCall is { } call)
            {
                call.WritePiece(json, CallId, at);
            }
            else
            {
                json.WriteString("content", text.Pieces[at]);
            }
        });

    public void End(IBufferWriter<byte> body)
    {
        Chunks(body, FinishReason, static _ => { });
        if (chat.IncludeUsage && script.Usage is not LoopbackUsage.None)
        {
            ServerEvent.Write(body, json =>
            {
                Head(json, "chat.completion.chunk");
                json.WriteEndArray();
                Usage(json);
            });
        }

        body.Write(script.Done ? ServerEvent.Done : []);
    }

    public bool Error(IBufferWriter<byte> body, LoopbackError error) => ServerEvent.Error(body, error);

    private void Chunks(IBufferWriter<byte> body, string? finishReason, Action<Utf8JsonWriter> delta)
    {
        for (var index = 0; index < chat.Choices; index++)
        {
            Chunk(body, index, finishReason, delta);
        }
    }

    private void Chunk(IBufferWriter<byte> body, int index, string? finishReason, Action<Utf8JsonWriter> delta) => ServerEvent.Write(body, json =>
    {
        Head(json, "chat.completion.chunk");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (chat.IncludeUsage && script.Usage is not LoopbackUsage.None)
        {
            json.WriteNull("usage");
        }
    });

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", _id);
        json.WriteString("object", kind);
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteString("model", chat.Model);
        json.WriteString("system_fingerprint", "fp_loopback");
        json.WriteStartArray("choices");
    }

    private void Usage(Utf8JsonWriter json)
    {
        var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
        var (prompt, completion) = (chat.PromptWords * counted, text.Words * chat.Choices * counted);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", completion);
        json.WriteNumber("total_tokens", prompt + completion);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Holds what the loopback upstream takes from a chat request.</summary>
/// <param name="UserText">The last user message's text.</param>
/// <param name="PromptWords">Of all messages together.</param>
/// <param name="MaxWords">The largest output ceiling that is declared.</param>
public sealed record ChatTurn(string Model, bool Stream, bool IncludeUsage, int Choices, string UserText, int PromptWords, int? MaxWords) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => UserText;

    internal static ChatTurn? Read(JsonElement root)
    {
        if (TurnReading.Text(root, "model") is not { } model || TurnReading.Member(root, "messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return null;
        }

        var texts = messages.EnumerateArray()
            .Select(message => (Role: TurnReading.Text(message, "role"), Text: TurnReading.Content(TurnReading.Member(message, "content"))))
            .ToList();
        return new ChatTurn(
            model,
            TurnReading.Is(root, "stream"),
            TurnReading.AsksForUsage(root),
            TurnReading.Number(root, "n") ?? 1,
            texts.LastOrDefault(message => message.Role is "user").Text ?? "",
            texts.Sum(message => TurnReading.Words(message.Text).Length),
            TurnReading.Number(root, "max_completion_tokens") ?? TurnReading.Number(root, "max_tokens"));
    }
}

/// <summary>A tool that the loopback upstream calls.</summary>
/// <param name="Arguments">As JSON.</param>
public sealed record LoopbackToolCall(string Name, string Arguments)
{
    /// <summary>
    /// The number of pieces of a call in a stream, as OpenAI cuts it: the name with no arguments yet, then the
    /// arguments in two halves.
    /// </summary>
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
