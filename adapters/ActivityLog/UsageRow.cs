using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Sums as a row: running ones beside their records, final ones in table <c>usage</c>.</summary>
internal static class UsageRow
{
    public static TableEntity Of(DailyUsage usage, string partition, string row) => new(partition, row)
    {
        [nameof(usage.Day)] = ActivityKeys.Day(usage.Day),
        [nameof(usage.Tier)] = usage.Tier,
        [nameof(usage.Model)] = usage.Model,
        [nameof(usage.Key)] = usage.Key,
        [nameof(usage.Requests)] = usage.Requests,
        [nameof(usage.PromptTokens)] = usage.PromptTokens,
        [nameof(usage.CompletionTokens)] = usage.CompletionTokens,
        [nameof(usage.TotalTokens)] = usage.TotalTokens,
        [nameof(usage.CachedTokens)] = usage.CachedTokens,
        [nameof(usage.ReasoningTokens)] = usage.ReasoningTokens,
        [nameof(usage.GiftedTokens)] = usage.GiftedTokens,
        [nameof(usage.BilledTokens)] = usage.BilledTokens,
        [nameof(usage.Images)] = usage.Images,
        [nameof(usage.Characters)] = usage.Characters,
        [nameof(usage.Seconds)] = usage.Seconds,
        [nameof(usage.CostNanos)] = usage.CostNanos,
    };

    public static DailyUsage Read(TableEntity row) => new(
        TableKey.Split(row.PartitionKey)[0],
        DateOnly.ParseExact(row.GetString(nameof(DailyUsage.Day)), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        row.GetString(nameof(DailyUsage.Model)),
        row.GetString(nameof(DailyUsage.Tier)),
        row.GetString(nameof(DailyUsage.Key)))
    {
        Requests = row.GetInt64(nameof(DailyUsage.Requests)) ?? 0,
        PromptTokens = row.GetInt64(nameof(DailyUsage.PromptTokens)) ?? 0,
        CompletionTokens = row.GetInt64(nameof(DailyUsage.CompletionTokens)) ?? 0,
        TotalTokens = row.GetInt64(nameof(DailyUsage.TotalTokens)) ?? 0,
        CachedTokens = row.GetInt64(nameof(DailyUsage.CachedTokens)) ?? 0,
        ReasoningTokens = row.GetInt64(nameof(DailyUsage.ReasoningTokens)) ?? 0,
        GiftedTokens = row.GetInt64(nameof(DailyUsage.GiftedTokens)) ?? 0,
        BilledTokens = row.GetInt64(nameof(DailyUsage.BilledTokens)) ?? 0,
        Images = row.GetInt64(nameof(DailyUsage.Images)) ?? 0,
        Characters = row.GetInt64(nameof(DailyUsage.Characters)) ?? 0,
        Seconds = row.GetInt64(nameof(DailyUsage.Seconds)) ?? 0,
        CostNanos = row.GetInt64(nameof(DailyUsage.CostNanos)) ?? 0,
    };
}
