using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request to <c>responses</c>.</summary>
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
