using System.Text.Json;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>A piece of what a model has written.</summary>
/// <param name="Written">A JSON string with the piece's text, or a call of a tool.</param>
internal readonly record struct ChatPiece(PieceKind Kind, JsonElement Written)
{
    /// <summary>The name under which reasoning came; null where the piece is none.</summary>
    public string? ReasoningName { get; init; }

    /// <summary>The place of a call among the calls beside it.</summary>
    public int At { get; init; }
}

/// <summary>The kinds of what models write, each a kind of block.</summary>
internal enum PieceKind
{
    None,
    Thinking,
    Text,
    Call,
}

/// <summary>
/// Finds in a delta or a message of chat completions what the model has written, in the order of blocks.
/// </summary>
internal static class ChatPieces
{
    /// <summary>The name of reasoning that stands among the parts of a content, which no upstream wants back.</summary>
    private const string Part = "thinking";

    public static IEnumerable<ChatPiece> Of(JsonElement? written)
    {
        if (written is not { ValueKind: JsonValueKind.Object } delta)
        {
            yield break;
        }

        // Some upstreams write their reasoning under both names.
        foreach (var name in ReasoningName.All.Where(name => delta.Text(name) is not null).Take(1))
        {
            yield return new ChatPiece(PieceKind.Thinking, delta.Text(name)!.Value) { ReasoningName = name };
        }

        if (delta.Member("content") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var piece in parts.EnumerateArray().SelectMany(OfPart))
            {
                yield return piece;
            }
        }

        foreach (var text in new[] { delta.Text("content"), delta.Text("refusal") }.OfType<JsonElement>())
        {
            yield return new ChatPiece(PieceKind.Text, text);
        }

        if (delta.Member("tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            var at = 0;
            foreach (var call in calls.EnumerateArray())
            {
                yield return new ChatPiece(PieceKind.Call, call) { At = at++ };
            }
        }
    }

    private static IEnumerable<ChatPiece> OfPart(JsonElement part)
    {
        if (part.Text("text") is { } text)
        {
            yield return new ChatPiece(PieceKind.Text, text);
        }

        if (part.Member(Part) is { ValueKind: JsonValueKind.Array } thoughts)
        {
            foreach (var thought in thoughts.EnumerateArray().Select(each => each.Text("text")).OfType<JsonElement>())
            {
                yield return new ChatPiece(PieceKind.Thinking, thought) { ReasoningName = Part };
            }
        }
    }
}

/// <summary>A call of a tool, as chat completions write it.</summary>
internal static class ChatCall
{
    public static JsonElement? Id(JsonElement call) => call.Text("id");

    public static JsonElement? Name(JsonElement call) => call.Member("function").Member("name");

    /// <summary>
    /// The arguments, a JSON text in a string, or the part of it that has come; null where it is none.
    /// </summary>
    public static JsonElement? Arguments(JsonElement call) =>
        call.Member("function").Member("arguments") is { ValueKind: JsonValueKind.String or JsonValueKind.Object } there
        && !there.ValueEqualsEmpty()
            ? there
            : null;

    /// <summary>
    /// The number by which the parts of a call belong together; null where the upstream numbers none.
    /// </summary>
    public static long? Index(JsonElement call) =>
        call.Member("index") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt64(out var at) ? at : null;

    private static bool ValueEqualsEmpty(this JsonElement value) =>
        value.ValueKind is JsonValueKind.String && value.ValueEquals("");
}

/// <summary>
/// The names under which upstreams send their reasoning. Each is the signature of the thinking that was made of it, so
/// that the upstream gets it back as it wants it.
/// </summary>
internal static class ReasoningName
{
    public const string ReasoningContent = "reasoning_content";

    public const string Reasoning = "reasoning";

    public static IReadOnlyList<string> All { get; } = [ReasoningContent, Reasoning];
}
