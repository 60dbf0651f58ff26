namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Holds the use of a request as the upstream reports it, field by field; null where it says nothing, or 0 for a number
/// that must be more.
/// </summary>
/// <param name="Prompt">Input tokens, cached ones included.</param>
/// <param name="Completion">Output tokens, as reported: some upstreams leave reasoning out of them.</param>
/// <param name="Total">All tokens, as reported; see <see cref="UsageEstimator"/> for what it says beyond the
///     sum.</param>
public sealed record TokenUsage(long? Prompt, long? Completion, long? Total)
{
    /// <summary>A report that says nothing.</summary>
    public static TokenUsage None { get; } = new(null, null, null);

    /// <summary>
    /// Gets the number of input tokens that the upstream had in its cache; null where it does not say.
    /// </summary>
    public long? Cached { get; init; }

    /// <summary>
    /// The output tokens that the model thought with, whether or not they are among <see cref="Completion"/>.
    /// </summary>
    public long? Reasoning { get; init; }

    /// <summary>Gets whether nothing was reported.</summary>
    public bool IsNone => this == None;
}

/// <summary>
/// Holds the use that a request is booked with: as the upstream reported it, else estimated and marked so.
/// </summary>
/// <param name="Prompt">Input tokens, cached ones included.</param>
/// <param name="Completion">Output tokens, reasoning included.</param>
/// <param name="Estimated">Whether one of them was counted by us.</param>
public sealed record MeteredUsage(long Prompt, long Completion, bool Estimated)
{
    /// <summary>Gets the use of a request that has used nothing.</summary>
    public static MeteredUsage None { get; } = new(0, 0, false);

    /// <summary>Gets the length of the sound that the upstream listened to, in seconds.</summary>
    public long Seconds { get; init; }

    /// <summary>
    /// Gets the number of input tokens that the upstream had in its cache; never more than <see cref="Prompt"/>.
    /// </summary>
    public long Cached { get; init; }

    /// <summary>
    /// Gets the number of output tokens that the model thought with; never more than <see cref="Completion"/>.
    /// </summary>
    public long Reasoning { get; init; }

    /// <summary>Input and output tokens.</summary>
    public long Total => Prompt + Completion;
}
