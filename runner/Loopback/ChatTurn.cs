using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a chat request.</summary>
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
