using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request for a text completion.</summary>
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
