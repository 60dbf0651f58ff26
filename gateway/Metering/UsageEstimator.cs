using Freeway.Gateway.Models;

namespace Freeway.Gateway.Metering;

/// <summary>Fills what an upstream left out of its usage, at four UTF-8 bytes per token, rounded up.</summary>
public static class UsageEstimator
{
    public const int BytesPerToken = 4;

    /// <param name="promptBytes">Size of the request's prompt.</param>
    /// <param name="completionBytes">Size of the text that was produced.</param>
    /// <param name="surface">Embeddings have no completion. Images may be priced without any tokens: no report is then none used.</param>
    public static MeteredUsage Complete(
        TokenUsage reported, long promptBytes, long completionBytes, Surface surface = Surface.ChatCompletions) => surface switch
        {
            Surface.ChatCompletions => Text(reported, promptBytes, completionBytes),
            Surface.Embeddings => Input(reported, promptBytes),
            Surface.ImageGenerations => new MeteredUsage(reported.Prompt ?? 0, reported.Completion ?? 0, Estimated: false),
        };

    private static MeteredUsage Input(TokenUsage reported, long promptBytes)
    {
        var prompt = reported.Prompt is > 0 ? reported.Prompt : reported.Total;
        return prompt is > 0 ? new MeteredUsage(prompt.Value, 0, Estimated: false) : new MeteredUsage(Tokens(promptBytes), 0, Estimated: true);
    }

    private static MeteredUsage Text(TokenUsage reported, long promptBytes, long completionBytes)
    {
        var prompt = reported.Prompt is > 0 ? reported.Prompt : null;
        var completion = reported.Completion is > 0 || completionBytes is 0 ? reported.Completion ?? 0 : (long?)null;
        return new MeteredUsage(
            prompt ?? Tokens(promptBytes), completion ?? Tokens(completionBytes), prompt is null || completion is null || reported.Completion is null);
    }

    private static long Tokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
