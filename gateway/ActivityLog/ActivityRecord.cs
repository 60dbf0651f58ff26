using System.Text.Json.Serialization;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.ActivityLog;

/// <summary>One line of the activity log. Never a prompt, a completion or a secret.</summary>
public sealed record ActivityRecord
{
    /// <summary>The request's id, the same as <c>x-freeway-request-id</c>; it makes the record unique.</summary>
    public required string Id { get; init; }

    /// <summary>What the caller itself sent as <c>x-request-id</c>; not unique.</summary>
    public string? CallerRequestId { get; init; }

    /// <summary>When the request was admitted, to the millisecond.</summary>
    [JsonConverter(typeof(RecordTime))]
    public required DateTimeOffset Time { get; init; }

    public required string Org { get; init; }

    /// <summary>The key's id.</summary>
    public required string Key { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>As the caller wrote it.</summary>
    public required string Slug { get; init; }

    public required string Model { get; init; }

    public string? Variant { get; init; }

    /// <summary><c>free</c>, <c>gift</c> or <c>paid</c>.</summary>
    public required string Tier { get; init; }

    public string? Plan { get; init; }

    public string? Upstream { get; init; }

    public string? UpstreamRequestId { get; init; }

    public string? UpstreamModel { get; init; }

    /// <summary>The HTTP status that the caller got; 499 where the caller had gone.</summary>
    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public bool Stream { get; init; }

    public string? FinishReason { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long TotalTokens { get; init; }

    /// <summary>What the prompt was thought to need at most when the request was admitted; null in older records.</summary>
    public long? ReservedPromptTokens { get; init; }

    /// <summary>The same of the answer.</summary>
    public long? ReservedCompletionTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long BilledTokens { get; init; }

    public long Images { get; init; }

    public long Characters { get; init; }

    public long Seconds { get; init; }

    /// <summary>What the caller pays, in nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>The same as decimal USD; "0.00" when free.</summary>
    public string CostUsd => Money.Format(CostNanos);

    /// <summary>True where tokens were counted by us because the upstream did not say.</summary>
    public bool Estimated { get; init; }

    public long LatencyMs { get; init; }

    /// <summary>Time to the first byte of the answer; null where none came.</summary>
    public long? TtftMs { get; init; }

    /// <summary>The calling app, from <c>HTTP-Referer</c> or <c>X-Title</c>.</summary>
    public string? App { get; init; }

    /// <summary>The upstream's rate-limit headers as sent.</summary>
    public IReadOnlyDictionary<string, string>? UpstreamRateLimit { get; init; }

    public int? ContextLength { get; init; }

    /// <summary>The upstreams that were tried for it, in order, and those that were passed over; null where it was not routed.</summary>
    public IReadOnlyList<RouteAttempt>? Attempts { get; init; }

    /// <summary>What it took of each limit in the end, empty where nothing; null where nobody can say.</summary>
    public IReadOnlyList<BookedAmount>? Booked { get; init; }

    /// <summary>The trace of the request, as W3C <c>traceparent</c>; null where none was recorded.</summary>
    public string? Trace { get; init; }
}
