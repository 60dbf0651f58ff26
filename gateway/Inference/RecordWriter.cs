using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>Writes a request's activity record: a draft when it is admitted, the whole of it when it is settled.</summary>
internal static class RecordWriter
{
    /// <summary>What is known at admission; recovery finishes it if this process dies.</summary>
    public static ReadOnlyMemory<byte> Draft(
        IExchange exchange, Caller caller, RequestBody body, Slug slug, Model model, DateTimeOffset time) =>
        ActivityJson.Write(Start(exchange, caller, body, slug, model, time));

    /// <summary>The whole record, and what it cost in nano-dollars.</summary>
    public static ActivityRecord Finish(AdmittedRequest request, UpstreamOutcome outcome, IExchange exchange, TimeSpan latency)
    {
        var used = outcome is { Counts: true, Relay: { } relay } && outcome.Status is < 300 or 499
            ? UsageEstimator.Complete(relay.Usage, request.Body.PromptBytes, relay.CompletionBytes, request.Body.Surface)
            : MeteredUsage.None;
        var free = request.Slug.Variant is Variant.Free;
        return Start(exchange, request.Caller, request.Body, request.Slug, request.Model, request.Time) with
        {
            Upstream = outcome.Route?.Upstream,
            UpstreamModel = outcome.Relay?.UpstreamModel ?? outcome.Route?.UpstreamModel,
            UpstreamRequestId = outcome.Reply?.Headers.GetValueOrDefault("x-request-id") ?? outcome.Relay?.UpstreamId,
            UpstreamRateLimit = outcome.Reply?.Headers
                .Where(header => header.Key.Contains("ratelimit", StringComparison.Ordinal) || header.Key is "retry-after")
                .ToDictionary() is { Count: > 0 } limits ? limits : null,
            Status = outcome.Status,
            ErrorCode = outcome.ErrorCode,
            FinishReason = outcome.Relay?.FinishReason,
            PromptTokens = used.Prompt,
            CompletionTokens = used.Completion,
            TotalTokens = used.Total,
            GiftedTokens = free ? used.Total : 0,
            BilledTokens = free ? 0 : used.Total,
            CostNanos = free ? 0 : Cost(request, used),
            Estimated = used.Estimated,
            LatencyMs = (long)latency.TotalMilliseconds,
            TtftMs = outcome.FirstByteAfter is { } first ? (long)first.TotalMilliseconds : null,
        };
    }

    private static long Cost(AdmittedRequest request, MeteredUsage used)
    {
        var standard = request.Model.Price.Cost(used.Prompt, used.Completion);
        return request.Slug.Variant is Variant.Flex ? ((standard * request.Model.FlexPercent!.Value) + 99) / 100 : standard;
    }

    private static ActivityRecord Start(
        IExchange exchange, Caller caller, RequestBody body, Slug slug, Model model, DateTimeOffset time) => new()
        {
            Id = exchange.RequestId,
            Time = time,
            Org = caller.Org.Id,
            Key = caller.Key.Id,
            Endpoint = exchange.Endpoint,
            Slug = body.Model,
            Model = model.Id,
            Variant = slug.Variant is Variant.None ? null : slug.Variant.ToString().ToLowerInvariant(),
            Tier = AdmittedRequest.TierOf(slug),
            Plan = slug.Variant is Variant.Free ? model.FreePlan : null,
            Stream = body.Stream,
            App = exchange.App,
            ContextLength = model.ContextLength,
        };
}
