using System.Text.Json;

namespace Freeway.Runner.Loopback;

/// <summary>What the loopback upstream takes from a request for speech.</summary>
/// <param name="Format">Of the audio; null where none was asked for.</param>
/// <param name="Events">Whether the audio goes out in events.</param>
public sealed record SpeechTurn(string Model, string Input, string? Voice, string? Format, bool Events) : ILoopbackTurn
{
    string ILoopbackTurn.ScriptText => Input;

    internal static SpeechTurn? Read(JsonElement root) =>
        TurnReading.Text(root, "model") is { } model && TurnReading.Text(root, "input") is { } input
            ? new SpeechTurn(
                model, input, TurnReading.Text(root, "voice"), TurnReading.Text(root, "response_format"), TurnReading.Text(root, "stream_format") is "sse")
            : null;
}
