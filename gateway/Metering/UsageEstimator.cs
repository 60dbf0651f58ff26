namespace Freeway.Gateway.Metering;

/// <summary>Fills what an upstream left out of its usage, at four UTF-8 bytes per token, rounded up.</summary>
public static class UsageEstimator
{
    public const int BytesPerToken = 4;

    /// <param name="promptBytes">Size of the request's body.</param>
    /// <param name="completionBytes">Size of the text that was produced.</param>
    public static MeteredUsage Complete(TokenUsage reported, long promptBytes, long completionBytes)
    {
        var prompt = reported.Prompt is > 0 ? reported.Prompt : null;
        var completion = reported.Completion is > 0 || completionBytes is 0 ? reported.Completion ?? 0 : (long?)null;
        return new MeteredUsage(
            prompt ?? Tokens(promptBytes), completion ?? Tokens(completionBytes), prompt is null || completion is null || reported.Completion is null);
    }

    private static long Tokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
