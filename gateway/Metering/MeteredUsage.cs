namespace Freeway.Gateway.Metering;

/// <summary>What a request is booked with: reported where the upstream said so, else estimated and marked so.</summary>
public sealed record MeteredUsage(long Prompt, long Completion, bool Estimated)
{
    public static MeteredUsage None { get; } = new(0, 0, false);

    /// <summary>Of sound that was listened to.</summary>
    public long Seconds { get; init; }

    public long Total => Prompt + Completion;
}
