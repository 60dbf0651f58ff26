using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Makes of what an upstream reported what is booked. What can be told from the report is no estimate: a total beyond
/// prompt and completion is output that some upstreams report apart (reasoning), and one of the three that is missing
/// follows from the other two. What is missing then is counted at four UTF-8 bytes per token, rounded up, and marked.
/// </summary>
public static class UsageEstimator
{
    /// <summary>UTF-8 bytes of text that are taken for a token.</summary>
    public const int BytesPerToken = 4;

    /// <param name="promptBytes">Size of the request's prompt.</param>
    /// <param name="completionBytes">Size of the text that was produced.</param>
    /// <param name="measures">What is counted. Where that is no tokens, none are used unless they are reported: images,
    ///     say, may be priced without.</param>
    public static MeteredUsage Complete(TokenUsage reported, long promptBytes, long completionBytes, Measures measures)
    {
        var used = (measures & Measures.OutputTokens) is not 0 ? Text(reported, promptBytes, completionBytes)
            : (measures & Measures.InputTokens) is not 0 ? Input(reported, promptBytes)
            : new MeteredUsage(reported.Prompt ?? 0, reported.Completion ?? 0, Estimated: false);
        return WithDetails(used, reported);
    }

    /// <summary>The output tokens that a report comes to; null where it does not say.</summary>
    public static long? CompletionOf(TokenUsage reported) => reported switch
    {
        { Prompt: > 0 and var prompt, Total: { } total } when total - prompt > (reported.Completion ?? 0) => total - prompt,
        { Prompt: > 0 and var prompt, Total: { } total, Completion: null } when total >= prompt => 0,
        _ => reported.Completion,
    };

    /// <summary>Puts to what is booked which of it was cached, and which was reasoning.</summary>
    public static MeteredUsage WithDetails(MeteredUsage used, TokenUsage reported)
    {
        var apart = reported.Completion is { } completion ? used.Completion - completion : 0;
        var reasoning = used.Estimated ? reported.Reasoning ?? 0 : Math.Max(reported.Reasoning ?? 0, apart);
        return used with
        {
            Cached = Math.Min(reported.Cached ?? 0, used.Prompt),
            Reasoning = Math.Min(reasoning, used.Completion),
        };
    }

    private static MeteredUsage Input(TokenUsage reported, long promptBytes)
    {
        var completion = reported.Completion ?? 0;
        var prompt = reported.Prompt is > 0 ? reported.Prompt : reported.Total - completion;
        return prompt is > 0
            ? new MeteredUsage(prompt.Value, completion, Estimated: false)
            : new MeteredUsage(Tokens(promptBytes), completion, Estimated: true);
    }

    private static MeteredUsage Text(TokenUsage reported, long promptBytes, long completionBytes)
    {
        var told = CompletionOf(reported);
        var completion = told is > 0 || completionBytes is 0 ? told ?? 0 : (long?)null;
        var prompt = reported.Prompt is > 0 ? reported.Prompt : reported.Total - reported.Completion;
        prompt = prompt is > 0 ? prompt : null;
        return new MeteredUsage(
            prompt ?? Tokens(promptBytes),
            completion ?? Tokens(completionBytes),
            prompt is null || completion is null || told is null);
    }

    private static long Tokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
