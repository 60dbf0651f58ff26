using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request for images.</summary>
public sealed record ImagesTurn(string Model, string Prompt, int Count, string? Size) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Prompt;

    internal static ImagesTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Text(root, "prompt") is { } prompt
            ? new ImagesTurn(model, prompt, TurnReading.Number(root, "n") ?? 1, TurnReading.Text(root, "size"))
            : null;
}
