using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a chat request.</summary>
/// <param name="UserText">The last user message's text.</param>
/// <param name="PromptWords">Of all messages together.</param>
/// <param name="MaxWords">The largest output ceiling that is declared.</param>
public sealed record ChatTurn(string Model, bool Stream, bool IncludeUsage, int Choices, string UserText, int PromptWords, int? MaxWords)
{
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static ChatTurn? Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        if (root.ValueKind is not JsonValueKind.Object
            || TurnReading.Member(root, "model") is not { ValueKind: JsonValueKind.String } model
            || TurnReading.Member(root, "messages") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return null;
        }

        var texts = messages.EnumerateArray().Select(message => (Role: Text(TurnReading.Member(message, "role")), Text: Text(TurnReading.Member(message, "content")))).ToList();
        return new ChatTurn(
            model.GetString()!,
            TurnReading.Member(root, "stream") is { ValueKind: JsonValueKind.True },
            TurnReading.Member(TurnReading.Member(root, "stream_options"), "include_usage") is { ValueKind: JsonValueKind.True },
            TurnReading.Number(root, "n") ?? 1,
            texts.LastOrDefault(message => message.Role is "user").Text ?? "",
            texts.Sum(message => Words(message.Text).Length),
            TurnReading.Number(root, "max_completion_tokens") ?? TurnReading.Number(root, "max_tokens"));
    }

    internal static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Text(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Text(TurnReading.Member(part, "text")))),
        _ => "",
    };
}
