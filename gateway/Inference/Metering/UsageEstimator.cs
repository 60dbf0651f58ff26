using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>Fills what an upstream left out of its usage, at four UTF-8 bytes per token, rounded up.</summary>
public static class UsageEstimator
{
    public const int BytesPerToken = 4;

    /// <param name="promptBytes">Size of the request's prompt.</param>
    /// <param name="completionBytes">Size of the text that was produced.</param>
    /// <param name="measures">What is counted. Where that is no tokens, none are used unless they are reported: images, say, may be priced without.</param>
    public static MeteredUsage Complete(TokenUsage reported, long promptBytes, long completionBytes, Measures measures) =>
        (measures & Measures.OutputTokens) is not 0 ? Text(reported, promptBytes, completionBytes)
        : (measures & Measures.InputTokens) is not 0 ? Input(reported, promptBytes)
        : new MeteredUsage(reported.Prompt ?? 0, reported.Completion ?? 0, Estimated: false);

    private static MeteredUsage Input(TokenUsage reported, long promptBytes)
    {
        var completion = reported.Completion ?? 0;
        var prompt = reported.Prompt is > 0 ? reported.Prompt : reported.Total - completion;
        return prompt is > 0 ? new MeteredUsage(prompt.Value, completion, Estimated: false) : new MeteredUsage(Tokens(promptBytes), completion, Estimated: true);
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
