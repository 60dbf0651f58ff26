namespace Freeway.Gateway.Inference.Metering;

/// <summary>What a request used, as the upstream reports it, field by field; null where it says nothing (or 0 for one that must be more).</summary>
/// <param name="Prompt">Input tokens.</param>
/// <param name="Completion">Output tokens, reasoning included.</param>
/// <param name="Total">As reported; it is not checked against the sum.</param>
public sealed record TokenUsage(long? Prompt, long? Completion, long? Total)
{
    public static TokenUsage None { get; } = new(null, null, null);
}

/// <summary>What a request is booked with: reported where the upstream said so, else estimated and marked so.</summary>
public sealed record MeteredUsage(long Prompt, long Completion, bool Estimated)
{
    public static MeteredUsage None { get; } = new(0, 0, false);

    /// <summary>Of sound that was listened to.</summary>
    public long Seconds { get; init; }

    public long Total => Prompt + Completion;
}
