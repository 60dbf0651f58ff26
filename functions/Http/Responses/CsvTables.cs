using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;

namespace Freeway.Functions.Http.Responses;

/// <summary>The columns of each list that is answered as CSV. New ones go to the end: readers may count them.</summary>
internal static class CsvTables
{
    public static CsvTable<ActivityRecord> Activity { get; } = new("activity",
    [
        ("time", record => record.Time),
        ("id", record => record.Id),
        ("org", record => record.Org),
        ("key", record => record.Key),
        ("endpoint", record => record.Endpoint),
        ("slug", record => record.Slug),
        ("model", record => record.Model),
        ("variant", record => record.Variant),
        ("tier", record => record.Tier),
        ("plan", record => record.Plan),
        ("upstream", record => record.Upstream),
        ("upstream_model", record => record.UpstreamModel),
        ("upstream_request_id", record => record.UpstreamRequestId),
        ("status", record => record.Status),
        ("error_code", record => record.ErrorCode),
        ("stream", record => record.Stream),
        ("finish_reason", record => record.FinishReason),
        ("prompt_tokens", record => record.PromptTokens),
        ("completion_tokens", record => record.CompletionTokens),
        ("total_tokens", record => record.TotalTokens),
        ("gifted_tokens", record => record.GiftedTokens),
        ("billed_tokens", record => record.BilledTokens),
        ("images", record => record.Images),
        ("characters", record => record.Characters),
        ("seconds", record => record.Seconds),
        ("cost_usd", record => record.CostUsd),
        ("estimated", record => record.Estimated),
        ("latency_ms", record => record.LatencyMs),
        ("ttft_ms", record => record.TtftMs),
        ("app", record => record.App),
        ("context_length", record => record.ContextLength),
        ("caller_request_id", record => record.CallerRequestId),
        ("cached_tokens", record => record.CachedTokens),
        ("reasoning_tokens", record => record.ReasoningTokens),
        ("end_user", record => record.EndUser),
        ("cache", record => record.Cache),
    ]);

    public static CsvTable<RefusalResponse> Refusals { get; } = new("refusals",
    [
        ("minute", refusal => refusal.Minute),
        ("model", refusal => refusal.Model),
        ("variant", refusal => refusal.Variant),
        ("code", refusal => refusal.Code),
        ("limit", refusal => refusal.Limit),
        ("count", refusal => refusal.Count),
    ]);

    public static CsvTable<RefusalSumResponse> RefusalSums { get; } = new("refusals",
    [
        ("period", sum => sum.Period),
        ("code", sum => sum.Code),
        ("limit", sum => sum.Limit),
        ("count", sum => sum.Count),
        ("orgs", sum => sum.Orgs),
    ]);

    public static CsvTable<UsageLine> Usage { get; } = new("usage",
    [
        ("period", line => line.Period),
        ("model", line => line.Model),
        ("key", line => line.Key),
        ("tier", line => line.Tier),
        ("requests", line => line.Requests),
        ("free_requests", line => line.Free.Requests),
        ("free_tokens", line => line.Free.TotalTokens),
        ("gifted_requests", line => line.Gifted.Requests),
        ("gifted_tokens", line => line.Gifted.Tokens),
        ("paid_requests", line => line.Paid.Requests),
        ("paid_tokens", line => line.Paid.Tokens),
        ("paid_usd", line => line.Paid.CostUsd),
        ("refused", line => line.Refused?.Count),
        ("refused_for", line => line.Refused is { } refused ? string.Join("; ", refused.Reasons.Select(Reason)) : null),
        ("cached_tokens", line => line.CachedTokens),
        ("reasoning_tokens", line => line.ReasoningTokens),
    ]);

    private static string Reason(RefusalReason reason) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{reason.Code}{(reason.Limit is { } limit ? $" ({limit})" : "")}: {reason.Count}");
}
