using System.Globalization;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared;

/// <summary>Records for tests; every one differs from every other in id and numbers.</summary>
public static class ActivitySamples
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    public static ActivityRecord Record(int number, DateTimeOffset? time = null, string org = "acme", string model = "demo/echo", string tier = "free") => new()
    {
        Id = "r" + number.ToString("D6", CultureInfo.InvariantCulture),
        Time = time ?? Noon.AddMilliseconds(number),
        Org = org,
        Key = number % 2 is 0 ? "key-even" : "key-odd",
        Endpoint = "chat/completions",
        Slug = $"{model}:{tier}",
        Model = model,
        Tier = tier,
        Status = number % 10 is 0 ? 502 : 200,
        PromptTokens = number,
        CompletionTokens = 2 * number,
        TotalTokens = 3 * number,
        CostNanos = tier is "paid" ? 7L * number : 0,
    };

    public static ActivityRecord Full(int number = 1) => Record(number) with
    {
        Time = Noon.AddTicks(1234567),
        Variant = "free",
        Plan = "fastrouter-free",
        Upstream = "loop",
        UpstreamRequestId = "up-1",
        UpstreamModel = "echo",
        ErrorCode = "upstream_error",
        Stream = true,
        FinishReason = "stop",
        CachedTokens = 1,
        ReasoningTokens = 2,
        ReservedPromptTokens = 6,
        ReservedCompletionTokens = 7,
        GiftedTokens = 4,
        BilledTokens = 5,
        Images = 6,
        Characters = 7,
        Seconds = 8,
        CostNanos = 1_234_567_890,
        Estimated = true,
        LatencyMs = 90,
        TtftMs = 12,
        App = "https://app.example/ü",
        UpstreamRateLimit = new Dictionary<string, string> { ["x-ratelimit-limit-requests"] = "10", ["retry-after"] = "a: b\"" },
        ContextLength = 8192,
        Booked = [new("fastrouter-free.daily", "demo/echo", "2026-05-29", 1), new("account", "*", "lifetime", 1_234_567_890)],
    };

    /// <summary>The sums as they must be: counted anew from the records.</summary>
    public static IReadOnlyList<DailyUsage> Sums(IEnumerable<ActivityRecord> records, string org, DateOnly day) =>
        [.. records.DistinctBy(record => record.Id)
            .Where(record => record.Org == org && DateOnly.FromDateTime(record.Time.UtcDateTime) == day)
            .GroupBy(record => (record.Model, record.Tier, record.Key))
            .Select(group => new DailyUsage(org, day, group.Key.Model, group.Key.Tier, group.Key.Key)
            {
                Requests = group.Count(),
                PromptTokens = group.Sum(record => record.PromptTokens),
                CompletionTokens = group.Sum(record => record.CompletionTokens),
                TotalTokens = group.Sum(record => record.TotalTokens),
                CachedTokens = group.Sum(record => record.CachedTokens),
                ReasoningTokens = group.Sum(record => record.ReasoningTokens),
                GiftedTokens = group.Sum(record => record.GiftedTokens),
                BilledTokens = group.Sum(record => record.BilledTokens),
                Images = group.Sum(record => record.Images),
                Characters = group.Sum(record => record.Characters),
                Seconds = group.Sum(record => record.Seconds),
                CostNanos = group.Sum(record => record.CostNanos),
            })];
}
