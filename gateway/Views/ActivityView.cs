using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>An org's activity, newest first.</summary>
public sealed class ActivityView(IActivityStore store)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<Page<ActivityCard>>> ListAsync(Caller caller, ActivityQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.QueryAsync(caller.Org.Id, query, cancellation).ConfigureAwait(false);
            return new Page<ActivityCard>([.. page.Records.Select(Card)], page.NextCursor);
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    private static ActivityCard Card(ActivityRecord record) => new()
    {
        Id = record.Id,
        Time = record.Time,
        Org = record.Org,
        Key = record.Key,
        Endpoint = record.Endpoint,
        Slug = record.Slug,
        Model = record.Model,
        Variant = record.Variant,
        Tier = record.Tier,
        Plan = record.Plan,
        Upstream = record.Upstream,
        UpstreamRequestId = record.UpstreamRequestId,
        UpstreamModel = record.UpstreamModel,
        Status = record.Status,
        ErrorCode = record.ErrorCode,
        Stream = record.Stream,
        FinishReason = record.FinishReason,
        PromptTokens = record.PromptTokens,
        CompletionTokens = record.CompletionTokens,
        TotalTokens = record.TotalTokens,
        GiftedTokens = record.GiftedTokens,
        BilledTokens = record.BilledTokens,
        Images = record.Images,
        Characters = record.Characters,
        Seconds = record.Seconds,
        CostUsd = Money.Format(record.CostNanos),
        Estimated = record.Estimated,
        LatencyMs = record.LatencyMs,
        TtftMs = record.TtftMs,
        App = record.App,
        UpstreamRateLimit = record.UpstreamRateLimit,
        ContextLength = record.ContextLength,
    };
}
