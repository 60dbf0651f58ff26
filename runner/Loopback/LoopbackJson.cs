using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>The bodies of one answer, in the shapes that OpenAI sends.</summary>
internal sealed class LoopbackJson(LoopbackRequest request, ChatTurn chat, LoopbackText text, LoopbackScript script, DateTimeOffset created)
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-loopback{request.Number}");

    private string FinishReason => script.ToolCall is not null ? "tool_calls" : text.Cut ? "length" : script.FinishReason;

    public void Completion(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        Head(json, "chat.completion");
        for (var index = 0; index < chat.Choices; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", script.ToolCall is null ? string.Concat(text.Pieces) : null);
            script.ToolCall?.Write(json, $"call_{_id}", script.ToolCall.Arguments);
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

    public void FirstChunk(IBufferWriter<byte> body, int index) => Chunk(body, index, null, static (json, _) =>
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteNull("refusal");
    });

    public void TextChunk(IBufferWriter<byte> body, int index, int piece) =>
        Chunk(body, index, null, (json, loopback) => json.WriteString("content", loopback.Piece(piece)));

    /// <summary>The call as OpenAI cuts it: its name with no arguments yet, then the arguments in two halves.</summary>
    public void ToolChunks(IBufferWriter<byte> body, int index, LoopbackToolCall call)
    {
        var half = call.Arguments.Length / 2;
        Chunk(body, index, null, (json, loopback) => call.Write(json, $"call_{loopback._id}", ""));
        Chunk(body, index, null, (json, _) => LoopbackToolCall.WriteMore(json, call.Arguments[..half]));
        Chunk(body, index, null, (json, _) => LoopbackToolCall.WriteMore(json, call.Arguments[half..]));
    }

    public void LastChunk(IBufferWriter<byte> body, int index) => Chunk(body, index, FinishReason, static (_, _) => { });

    public void UsageChunk(IBufferWriter<byte> body)
    {
        body.Write("data: "u8);
        using (var json = new Utf8JsonWriter(body))
        {
            Head(json, "chat.completion.chunk");
            json.WriteEndArray();
            Usage(json);
            json.WriteEndObject();
        }

        body.Write("\n\n"u8);
    }

    private string Piece(int at) => text.Pieces[at];

    private void Chunk(IBufferWriter<byte> body, int index, string? finishReason, Action<Utf8JsonWriter, LoopbackJson> delta)
    {
        body.Write("data: "u8);
        using (var json = new Utf8JsonWriter(body))
        {
            Head(json, "chat.completion.chunk");
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteStartObject("delta");
            delta(json, this);
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", finishReason);
            json.WriteEndObject();
            json.WriteEndArray();
            if (chat.IncludeUsage && script.Usage is not LoopbackUsage.None)
            {
                json.WriteNull("usage");
            }

            json.WriteEndObject();
        }

        body.Write("\n\n"u8);
    }

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
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
