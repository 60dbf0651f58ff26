using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>A text completion, in the shape that OpenAI sends: one kind of object, whole or in pieces.</summary>
internal sealed class CompletionJson(LoopbackRequest request, CompletionTurn turn, LoopbackScript script, DateTimeOffset created) : ILoopbackStream
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"cmpl-loopback{request.Number}");
    private readonly LoopbackText[] _texts = [.. turn.Prompts.SelectMany(prompt => Enumerable.Repeat(LoopbackText.Of(prompt, turn.MaxWords, script), turn.Choices))];

    public string ContentType => ServerEvent.ContentType;

    public int Pieces => _texts.Max(text => text.Pieces.Count);

    private bool HasUsage => script.Usage is not LoopbackUsage.None;

    public void Whole(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        Head(json);
        foreach (var (index, text) in _texts.Index())
        {
            Choice(json, index, text.Whole, Finish(text));
        }

        json.WriteEndArray();
        if (HasUsage)
        {
            Usage(json);
        }

        json.WriteEndObject();
    }

    public void Begin(IBufferWriter<byte> body)
    {
    }

    public void Piece(IBufferWriter<byte> body, int at)
    {
        foreach (var (index, text) in _texts.Index().Where(one => at < one.Item.Pieces.Count))
        {
            Chunk(body, index, text.Pieces[at], finish: null);
        }
    }

    public void End(IBufferWriter<byte> body)
    {
        foreach (var (index, text) in _texts.Index())
        {
            Chunk(body, index, "", Finish(text));
        }

        if (turn.IncludeUsage && HasUsage)
        {
            ServerEvent.Write(body, json =>
            {
                Head(json);
                json.WriteEndArray();
                Usage(json);
            });
        }

        body.Write(script.Done ? ServerEvent.Done : []);
    }

    public bool Error(IBufferWriter<byte> body, LoopbackError error) => ServerEvent.Error(body, error);

    private void Chunk(IBufferWriter<byte> body, int index, string text, string? finish) => ServerEvent.Write(body, json =>
    {
        Head(json);
        Choice(json, index, text, finish);
        json.WriteEndArray();
        if (turn.IncludeUsage && HasUsage)
        {
            json.WriteNull("usage");
        }
    });

    private string Finish(LoopbackText text) => text.Cut ? "length" : script.FinishReason;

    private void Head(Utf8JsonWriter json)
    {
        json.WriteString("id", _id);
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteString("model", turn.Model);
        json.WriteStartArray("choices");
    }

    private static void Choice(Utf8JsonWriter json, int index, string text, string? finish)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("index", index);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish);
        json.WriteEndObject();
    }

    private void Usage(Utf8JsonWriter json)
    {
        var counted = script.Usage is LoopbackUsage.Zero ? 0 : 1;
        var (prompt, completion) = (turn.PromptWords * counted, _texts.Sum(text => text.Words) * counted);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", completion);
        json.WriteNumber("total_tokens", prompt + completion);
        json.WriteEndObject();
    }
}

/// <summary>Holds what the loopback upstream takes from a request for a text completion.</summary>
/// <param name="Choices">Of each prompt.</param>
public sealed record CompletionTurn(string Model, bool Stream, bool IncludeUsage, int Choices, IReadOnlyList<string> Prompts, int PromptWords, int? MaxWords)
    : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Prompts is [var first, ..] ? first : "";

    internal static CompletionTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Member(root, "prompt") is { } prompt && TurnReading.Texts(prompt) is { } prompts
            ? new CompletionTurn(
                model,
                TurnReading.Is(root, "stream"),
                TurnReading.AsksForUsage(root),
                TurnReading.Number(root, "n") ?? 1,
                prompts,
                TurnReading.WordsOf(prompts),
                TurnReading.Number(root, "max_tokens"))
            : null;
}
