using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Writes a request's activity record: a draft when it is admitted, what came of it when it has ended, and what was
/// booked.
/// </summary>
internal static class RecordWriter
{
    /// <summary>
    /// Writes the part of the record that is known at admission; recovery finishes it if this process dies.
    /// </summary>
    public static ReadOnlyMemory<byte> Draft(RequestContext request, Quote quote) =>
        ActivityJson.Write(Start(request, quote, quote.Terms.Gifts.Count > 0 ? "gift" : quote.Terms.Paid.Count > 0 ? "paid" : "free"));

    /// <summary>Writes the record of a request that was answered from the response cache: it took nothing.</summary>
    public static ActivityRecord OfHit(RequestContext request, Quote quote, string upstream) =>
        Start(request, quote, "free") with
        {
            Upstream = upstream is "" ? null : upstream,
            ReservedPromptTokens = 0,
            ReservedCompletionTokens = 0,
            Booked = [],
        };

    /// <summary>The whole record but for who pays.</summary>
    public static ActivityRecord Finish(AdmittedRequest request, UpstreamOutcome outcome, TimeSpan latency)
    {
        var used = outcome.Usage.Tokens;
        return Start(request.Context, request.Quote, request.Tier) with
        {
            Upstream = outcome.Route?.Upstream,
            Cache = request.Recording is { IsTooLarge: true }
                ? CacheResult.TooLarge.WireName()
                : request.Context.Cache?.WireName(),
            UpstreamModel = outcome.Relay?.UpstreamModel ?? outcome.Route?.UpstreamModel,
            UpstreamRequestId = outcome.Reply?.Headers.GetValueOrDefault("x-request-id")
                ?? outcome.Reply?.Headers.GetValueOrDefault("request-id")
                ?? outcome.Relay?.UpstreamId,
            UpstreamRateLimit = outcome.Reply is not { Headers.Count: > 0 } reply ? null : reply.Headers
                .Where(header => header.Key.Contains("ratelimit", StringComparison.Ordinal) || header.Key is "retry-after")
                .ToDictionary() is { Count: > 0 } limits ? limits : null,
            Attempts = request.Context.Attempts.All is { Count: > 0 } attempts ? attempts : null,
            Status = outcome.Status,
            ErrorCode = outcome.ErrorCode,
            FinishReason = outcome.Relay?.FinishReason,
            PromptTokens = used.Prompt,
            CompletionTokens = used.Completion,
            TotalTokens = used.Total,
            CachedTokens = used.Cached,
            ReasoningTokens = used.Reasoning,
            Estimated = used.Estimated,
            LatencyMs = (long)latency.TotalMilliseconds,
            TtftMs = outcome.FirstByteAfter is { } first ? (long)first.TotalMilliseconds : null,
        };
    }

    /// <summary>Adds to a finished record who pays and how much, as the ledger has booked it.</summary>
    public static ActivityRecord Book(ActivityRecord record, AdmittedRequest request, Quantities used, SettlementAmounts booked)
    {
        var tokens = Math.Max(used.Tokens, record.TotalTokens);
        var tier = request.Quote.BookedTier(request.Tier, used, booked);
        var gifted = QuoteClaims.Gifted(tier, request.Quote.Terms, used, tokens, booked.Covered);
        return record with
        {
            Tier = tier,
            Images = used.Images,
            Characters = used.Characters,
            Seconds = used.Seconds,
            GiftedTokens = gifted,
            BilledTokens = tokens - gifted,
            CostNanos = booked.Charged,
            Booked = BookedAmount.Of(request.Reservation.Holds, booked.Amounts),
            Reached = ReachedLimit.Of(booked.Reached),
        };
    }

    private static ActivityRecord Start(RequestContext request, Quote quote, string tier) => new()
    {
        Id = request.Exchange.RequestId,
        CallerRequestId = request.Exchange.CallerRequestId,
        Time = request.Time.AddTicks(-(request.Time.Ticks % TimeSpan.TicksPerMillisecond)),
        Org = request.Caller.Org.Id,
        Key = request.Caller.Key.Id,
        Endpoint = request.Exchange.Surface.Path,
        Slug = request.Body.Model,
        Model = quote.Model.Id,
        Variant = quote.Slug.Variant is Variant.None ? null : quote.Slug.Variant.WireName(),
        Tier = tier,
        Plan = quote.Terms.Plan.Name,
        Stream = request.Body.Stream,
        ReservedPromptTokens = quote.Estimate.Input,
        ReservedCompletionTokens = quote.Estimate.Output,
        App = request.Exchange.App,
        EndUser = request.Caller.EndUser?.Id.Hash,
        ContextLength = quote.Model.ContextLength,
        Cache = request.Cache?.WireName(),
        Trace = Tracing.Here,
    };
}
