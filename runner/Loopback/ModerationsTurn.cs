using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request to <c>moderations</c>.</summary>
public sealed record ModerationsTurn(string Model, IReadOnlyList<string> Inputs) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Inputs is [var first, ..] ? first : "";

    internal static ModerationsTurn? Read(JsonElement root) =>
        TurnReading.Member(root, "input") is { } input && TurnReading.Texts(input) is { } inputs
            ? new ModerationsTurn(TurnReading.Text(root, "model") ?? "omni-moderation-latest", inputs)
            : null;
}
