using System.Text.Json;
using Azure.Data.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>A record as a row, a column for each of its fields; money in nano-dollars.</summary>
internal static class ActivityRow
{
    private const string Headers = nameof(ActivityRecord.UpstreamRateLimit);

    /// <summary>The number of columns and keys that a row has at most.</summary>
    private const int Columns = 48;

    private static readonly object Zero = 0L;

    /// <param name="key">The row key, which follows from the record.</param>
    public static TableEntity Of(ActivityRecord record, string partition, string key)
    {
        // With room for all columns: a dictionary that grows is copied five times.
        var row = new Dictionary<string, object>(Columns)
        {
            [nameof(ITableEntity.PartitionKey)] = partition,
            [nameof(ITableEntity.RowKey)] = key,
            [nameof(record.Id)] = record.Id,
            [nameof(record.Time)] = record.Time.ToUniversalTime(),
            [nameof(record.Org)] = record.Org,
            [nameof(record.Key)] = record.Key,
            [nameof(record.Endpoint)] = record.Endpoint,
            [nameof(record.Slug)] = record.Slug,
            [nameof(record.Model)] = record.Model,
            [nameof(record.Tier)] = record.Tier,
            [nameof(record.Status)] = record.Status,
            [nameof(record.Stream)] = record.Stream,
            [nameof(record.PromptTokens)] = Number(record.PromptTokens),
            [nameof(record.CompletionTokens)] = Number(record.CompletionTokens),
            [nameof(record.TotalTokens)] = Number(record.TotalTokens),
            [nameof(record.CachedTokens)] = Number(record.CachedTokens),
            [nameof(record.ReasoningTokens)] = Number(record.ReasoningTokens),
            [nameof(record.GiftedTokens)] = Number(record.GiftedTokens),
            [nameof(record.BilledTokens)] = Number(record.BilledTokens),
            [nameof(record.Images)] = Number(record.Images),
            [nameof(record.Characters)] = Number(record.Characters),
            [nameof(record.Seconds)] = Number(record.Seconds),
            [nameof(record.CostNanos)] = Number(record.CostNanos),
            [nameof(record.Estimated)] = record.Estimated,
            [nameof(record.LatencyMs)] = record.LatencyMs,
        };
        Set(row, nameof(record.CallerRequestId), record.CallerRequestId);
        Set(row, nameof(record.Variant), record.Variant);
        Set(row, nameof(record.Plan), record.Plan);
        Set(row, nameof(record.Upstream), record.Upstream);
        Set(row, nameof(record.UpstreamRequestId), record.UpstreamRequestId);
        Set(row, nameof(record.UpstreamModel), record.UpstreamModel);
        Set(row, nameof(record.ErrorCode), record.ErrorCode);
        Set(row, nameof(record.FinishReason), record.FinishReason);
        Set(row, nameof(record.TtftMs), record.TtftMs);
        Set(row, nameof(record.ReservedPromptTokens), record.ReservedPromptTokens);
        Set(row, nameof(record.ReservedCompletionTokens), record.ReservedCompletionTokens);
        Set(row, nameof(record.App), record.App);
        Set(row, nameof(record.EndUser), record.EndUser);
        Set(row, nameof(record.Cache), record.Cache);
        Set(row, Headers, record.UpstreamRateLimit is { } headers ? JsonSerializer.Serialize(headers, ActivityJson.Default.Headers) : null);
        Set(row, nameof(record.ContextLength), record.ContextLength);
        Set(row, nameof(record.Attempts), record.Attempts is { } attempts ? JsonSerializer.Serialize(attempts, ActivityJson.Default.Attempts) : null);
        Set(row, nameof(record.Booked), record.Booked is { } booked ? JsonSerializer.Serialize(booked, ActivityJson.Default.Booked) : null);
        Set(row, nameof(record.Reached), record.Reached is { } reached ? JsonSerializer.Serialize(reached, ActivityJson.Default.Reached) : null);
        Set(row, nameof(record.Trace), record.Trace);
        return new TableEntity(row);
    }

    public static ActivityRecord Read(TableEntity row) => new()
    {
        Id = row.GetString(nameof(ActivityRecord.Id)),
        CallerRequestId = row.GetString(nameof(ActivityRecord.CallerRequestId)),
        Time = row.GetDateTimeOffset(nameof(ActivityRecord.Time))!.Value,
        Org = row.GetString(nameof(ActivityRecord.Org)),
        Key = row.GetString(nameof(ActivityRecord.Key)),
        Endpoint = row.GetString(nameof(ActivityRecord.Endpoint)),
        Slug = row.GetString(nameof(ActivityRecord.Slug)),
        Model = row.GetString(nameof(ActivityRecord.Model)),
        Variant = row.GetString(nameof(ActivityRecord.Variant)),
        Tier = row.GetString(nameof(ActivityRecord.Tier)),
        Plan = row.GetString(nameof(ActivityRecord.Plan)),
        Upstream = row.GetString(nameof(ActivityRecord.Upstream)),
        UpstreamRequestId = row.GetString(nameof(ActivityRecord.UpstreamRequestId)),
        UpstreamModel = row.GetString(nameof(ActivityRecord.UpstreamModel)),
        Status = row.GetInt32(nameof(ActivityRecord.Status)) ?? 0,
        ErrorCode = row.GetString(nameof(ActivityRecord.ErrorCode)),
        Stream = row.GetBoolean(nameof(ActivityRecord.Stream)) ?? false,
        FinishReason = row.GetString(nameof(ActivityRecord.FinishReason)),
        PromptTokens = row.GetInt64(nameof(ActivityRecord.PromptTokens)) ?? 0,
        CompletionTokens = row.GetInt64(nameof(ActivityRecord.CompletionTokens)) ?? 0,
        TotalTokens = row.GetInt64(nameof(ActivityRecord.TotalTokens)) ?? 0,
        CachedTokens = row.GetInt64(nameof(ActivityRecord.CachedTokens)) ?? 0,
        ReasoningTokens = row.GetInt64(nameof(ActivityRecord.ReasoningTokens)) ?? 0,
        GiftedTokens = row.GetInt64(nameof(ActivityRecord.GiftedTokens)) ?? 0,
        BilledTokens = row.GetInt64(nameof(ActivityRecord.BilledTokens)) ?? 0,
        Images = row.GetInt64(nameof(ActivityRecord.Images)) ?? 0,
        Characters = row.GetInt64(nameof(ActivityRecord.Characters)) ?? 0,
        Seconds = row.GetInt64(nameof(ActivityRecord.Seconds)) ?? 0,
        CostNanos = row.GetInt64(nameof(ActivityRecord.CostNanos)) ?? 0,
        Estimated = row.GetBoolean(nameof(ActivityRecord.Estimated)) ?? false,
        LatencyMs = row.GetInt64(nameof(ActivityRecord.LatencyMs)) ?? 0,
        TtftMs = row.GetInt64(nameof(ActivityRecord.TtftMs)),
        ReservedPromptTokens = row.GetInt64(nameof(ActivityRecord.ReservedPromptTokens)),
        ReservedCompletionTokens = row.GetInt64(nameof(ActivityRecord.ReservedCompletionTokens)),
        App = row.GetString(nameof(ActivityRecord.App)),
        EndUser = row.GetString(nameof(ActivityRecord.EndUser)),
        Cache = row.GetString(nameof(ActivityRecord.Cache)),
        UpstreamRateLimit = row.GetString(Headers) is { } headers ? JsonSerializer.Deserialize(headers, ActivityJson.Default.Headers) : null,
        ContextLength = row.GetInt32(nameof(ActivityRecord.ContextLength)),
        Attempts = row.GetString(nameof(ActivityRecord.Attempts)) is { } attempts ? JsonSerializer.Deserialize(attempts, ActivityJson.Default.Attempts) : null,
        Booked = row.GetString(nameof(ActivityRecord.Booked)) is { } booked ? JsonSerializer.Deserialize(booked, ActivityJson.Default.Booked) : null,
        Reached = row.GetString(nameof(ActivityRecord.Reached)) is { } reached ? JsonSerializer.Deserialize(reached, ActivityJson.Default.Reached) : null,
        Trace = row.GetString(nameof(ActivityRecord.Trace)),
    };

    /// <summary>Boxes a number. Most of a record's are 0, which one box serves.</summary>
    private static object Number(long value) => value is 0 ? Zero : value;

    private static void Set(Dictionary<string, object> row, string column, object? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }
}
