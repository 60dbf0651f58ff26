namespace Freeway.Gateway.Views;

/// <summary>An activity record as callers see it; costs in USD as a decimal string.</summary>
public sealed record ActivityCard
{
    public required string Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Org { get; init; }

    public required string Key { get; init; }

    public required string Endpoint { get; init; }

    public required string Slug { get; init; }

    public required string Model { get; init; }

    public string? Variant { get; init; }

    public required string Tier { get; init; }

    public string? Plan { get; init; }

    public string? Upstream { get; init; }

    public string? UpstreamRequestId { get; init; }

    public string? UpstreamModel { get; init; }

    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public bool Stream { get; init; }

    public string? FinishReason { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long TotalTokens { get; init; }

    public long GiftedTokens { get; init; }

    public long BilledTokens { get; init; }

    public long Images { get; init; }

    public long Characters { get; init; }

    public long Seconds { get; init; }

    public required string CostUsd { get; init; }

    public bool Estimated { get; init; }

    public long LatencyMs { get; init; }

    public long? TtftMs { get; init; }

    public string? App { get; init; }

    public IReadOnlyDictionary<string, string>? UpstreamRateLimit { get; init; }

    public int? ContextLength { get; init; }
}
