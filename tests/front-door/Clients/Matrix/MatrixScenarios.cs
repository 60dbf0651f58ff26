using Freeway.Gateway.Core;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>The rows of the matrix, in the order of the docs.</summary>
public static class MatrixScenarios
{
    /// <summary>The upstream's first answer to a text that begins so is an error, its second one is right.</summary>
    public const string Stumbling = "stumble";

    private const string SixWords = "one two three four five six";

    public static IReadOnlyList<MatrixScenario> All { get; } =
    [
        new("chat", "a chat", "chat", MatrixGateway.Open) { Answer = "say it back" },
        new("stream", "a stream", "stream", MatrixGateway.Open) { Answer = "say it back" },
        new("stream-usage", "a stream that is to tell its usage", "stream", MatrixGateway.Open) { Answer = "say it back", Usage = true },
        new("tools", "a tool call and its result", "tools", MatrixGateway.Open) { Text = "how is the weather", Answer = "sunny in Oslo" },
        new("tools-stream", "the same, streamed", "toolsStream", MatrixGateway.Open) { Text = "how is the weather", Answer = "sunny in Oslo" },
        new("object", "an answer in a JSON schema", "object", MatrixGateway.Open) { Text = "where is it sunny", Answer = "Oslo" },
        new("embeddings", "embeddings", "embeddings", MatrixGateway.Open) { Answer = "8 numbers" },
        new("daily", "the day's free quota is spent", "chat", MatrixGateway.Daily) { Code = "free_quota_exceeded", Spent = true },
        new("daily-stream", "the same, asked for a stream", "stream", MatrixGateway.Daily) { Code = "free_quota_exceeded", Spent = true },
        new("daily-403", "the same, `refusal_status` 403", "chat", MatrixGateway.Daily)
        {
            Code = "free_quota_exceeded",
            Spent = true,
            HardRefusal = HardRefusal.Forbidden,
        },
        new("daily-402", "the same, `refusal_status` 402", "chat", MatrixGateway.Daily)
        {
            Code = "free_quota_exceeded",
            Spent = true,
            HardRefusal = HardRefusal.PaymentRequired,
        },
        new("minute", "the minute's requests are spent", "chat", MatrixGateway.Minute)
        {
            Code = "rate_limit_exceeded",
            Spent = true,
            LateInTheMinute = true,
            Answer = "say it back",
        },
        new("stumble", "the upstream fails once", "chat", MatrixGateway.Open) { Text = Stumbling, Code = "upstream_error", Answer = Stumbling },
        new("down", "the upstream fails every time", "chat", MatrixGateway.Open) { Text = "/script error=500", Code = "upstream_error" },
        new("broken-by-error", "the upstream fails in mid-stream", "stream", MatrixGateway.Open) { Text = $"/script chunks=6 error_after=3 {SixWords}" },
        new("broken-by-drop", "the upstream hangs up in mid-stream", "stream", MatrixGateway.Open)
        {
            Text = $"/script chunks=6 drop_after=3 {SixWords}",
            Code = "upstream_error",
        },
        new("not-free", "a `:free` slug that is not enabled", "chat", "acme/paid:free") { Code = "free_slug_not_enabled" },
        new("unknown-model", "an unknown model", "chat", "acme/nobody") { Code = "model_not_found" },
        new("no-credits", "a paid model and no credits", "chat", "acme/paid") { Code = "insufficient_credits" },
        new("unknown-key", "an unknown key", "chat", MatrixGateway.Open) { Code = "invalid_api_key", Stranger = true },
    ];
}
