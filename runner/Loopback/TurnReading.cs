using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>Members of a request, where they are there and of the kind that is wanted.</summary>
internal static class TurnReading
{
    public static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    public static int? Number(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out var number) ? number : null;

    public static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    public static bool Is(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.True };

    public static bool AsksForUsage(JsonElement root) => Is(Member(root, "stream_options"), "include_usage");

    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The text of a message's content: a string, or the texts of its parts.</summary>
    public static string Content(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Content(Member(part, "text")))),
        _ => "",
    };

    /// <summary>The texts of an input that may be one text, several, or lists of token ids as they are written; null where it is none of these.</summary>
    public static string[]? Texts(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [input.GetString()!],
        JsonValueKind.Array when input.EnumerateArray().FirstOrDefault().ValueKind is JsonValueKind.Number => [input.GetRawText()],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(one => one.ValueKind is JsonValueKind.String ? one.GetString()! : one.GetRawText())],
        _ => null,
    };

    /// <summary>Words of texts and of lists of token ids; a token id counts as one.</summary>
    public static int WordsOf(IEnumerable<string> texts) =>
        texts.Sum(text => text.Split([' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Length);
}
