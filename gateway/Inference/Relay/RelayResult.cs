using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Describes how an answer was relayed and what was seen of it in passing.</summary>
public sealed record RelayResult
{
    public required RelayEnding Ending { get; init; }

    /// <summary>Gets the use as far as the upstream reported it.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The last one seen, as written; null where none was.</summary>
    public required string? FinishReason { get; init; }

    /// <summary>UTF-8 bytes of text, tool arguments and reasoning that the upstream produced.</summary>
    public required long CompletionBytes { get; init; }

    /// <summary>The model that the upstream says it used.</summary>
    public required string? UpstreamModel { get; init; }

    /// <summary>The upstream's id of the answer.</summary>
    public required string? UpstreamId { get; init; }

    /// <summary>
    /// Gets the time from the start of the relay to the first event or byte of the body; null where there was none.
    /// </summary>
    public required TimeSpan? FirstByteAfter { get; init; }

    /// <summary>
    /// Gets whether the caller was sent anything, a heartbeat included. If not, another status can still be answered.
    /// </summary>
    public required bool AnyByteWritten { get; init; }

    /// <summary>
    /// Gets whether the caller was sent any of the answer. If only comments went out, another upstream may still
    /// answer.
    /// </summary>
    public bool AnyAnswerWritten { get; init; }

    /// <summary>Gets whether the answer carried an <c>error</c> of the upstream's.</summary>
    public required bool UpstreamReportedError { get; init; }

    /// <summary>
    /// Gets whether the answer had anything that a model made: text, a call of a tool, a picture, sound, an embedding.
    /// </summary>
    public bool HasContent { get; init; }

    /// <summary>
    /// Gets whether a part of the answer went out that could not be read, so that nobody knows what it held.
    /// </summary>
    public bool HasUnreadable { get; init; }

    /// <summary>Gets whether the upstream says that it has failed.</summary>
    public bool HasFailed => UpstreamReportedError || FinishReason is AnswerReader.Failed;

    /// <summary>Gets whether the upstream failed before it made anything; nobody pays for that.</summary>
    public bool HasFailedEmpty => HasFailed && !HasContent && Usage.Completion is not > 0;

    /// <summary>
    /// Gets whether nothing came that could be booked: no content, no end, no report, and all of it was read.
    /// </summary>
    public bool IsNothing => !HasContent && FinishReason is null && Usage.IsNone && !HasUnreadable;

    /// <summary>
    /// Gets the number of items that came as <c>data</c>, or in a stream one by one: images, or embeddings.
    /// </summary>
    public int Items { get; init; }

    /// <summary>
    /// Gets the length of the sound that the upstream listened to, in seconds, rounded up; null where it does not say.
    /// </summary>
    public long? Seconds { get; init; }

    /// <summary>
    /// Gets the bytes that the caller was sent; null unless they were to be kept, are complete, and are at most
    /// <see cref="JsonRelay.MostKept"/>.
    /// </summary>
    public ReadOnlyMemory<byte>? Kept { get; init; }
}

public enum RelayEnding
{
    /// <summary>The whole answer went out.</summary>
    Completed,

    /// <summary>
    /// The upstream dropped, reported an error or ended too early. If anything was written, abort the connection.
    /// </summary>
    UpstreamBroke,

    /// <summary>The upstream was silent for too long. If anything was written, abort the connection.</summary>
    UpstreamTimedOut,

    /// <summary>The caller went away before the end; the upstream was cancelled.</summary>
    CallerGone,
}
