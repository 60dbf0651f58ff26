namespace Freeway.Gateway.ActivityLog;

/// <summary>What one org used of one model in one tier on one UTC day.</summary>
public sealed record DailyUsage(string Org, DateOnly Day, string Model, string Tier)
{
    public long Requests { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long CostNanos { get; init; }
}
