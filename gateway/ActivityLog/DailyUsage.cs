namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Holds what one key of an org used of one model in one tier on one UTC day: the sums over its activity records, and
/// nothing else.
/// </summary>
public sealed record DailyUsage(string Org, DateOnly Day, string Model, string Tier, string Key)
{
    /// <summary>Gets the number of activity records, one for each request; it only ever grows.</summary>
    public long Requests { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long TotalTokens { get; init; }

    /// <summary>Gets the number of input tokens that upstreams had in their caches.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Gets the number of output tokens that models thought with.</summary>
    public long ReasoningTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long BilledTokens { get; init; }

    public long Images { get; init; }

    public long Characters { get; init; }

    public long Seconds { get; init; }

    /// <summary>Gets what callers paid, in nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>
    /// The sums to which this record counts, still without it: a record counts on the day on which it was admitted.
    /// </summary>
    public static DailyUsage For(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(record.Org, DateOnly.FromDateTime(record.Time.UtcDateTime), record.Model, record.Tier, record.Key);
    }

    /// <summary>Adds one record to these sums. Sums end at the largest number rather than wrap.</summary>
    public DailyUsage With(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return this with
        {
            Requests = Sum(Requests, 1),
            PromptTokens = Sum(PromptTokens, record.PromptTokens),
            CompletionTokens = Sum(CompletionTokens, record.CompletionTokens),
            TotalTokens = Sum(TotalTokens, record.TotalTokens),
            CachedTokens = Sum(CachedTokens, record.CachedTokens),
            ReasoningTokens = Sum(ReasoningTokens, record.ReasoningTokens),
            GiftedTokens = Sum(GiftedTokens, record.GiftedTokens),
            BilledTokens = Sum(BilledTokens, record.BilledTokens),
            Images = Sum(Images, record.Images),
            Characters = Sum(Characters, record.Characters),
            Seconds = Sum(Seconds, record.Seconds),
            CostNanos = Sum(CostNanos, record.CostNanos),
        };
    }

    private static long Sum(long sum, long more) => (long)Int128.Clamp((Int128)sum + more, long.MinValue, long.MaxValue);
}
