using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>How the call to the upstream went.</summary>
/// <param name="Status">What the caller got; 499 where it had gone.</param>
/// <param name="Counts">Whether the request counts against request limits. False where no upstream produced
///     anything.</param>
public sealed record UpstreamOutcome(int Status, bool Counts)
{
    /// <summary>To be answered after what was taken has been given back; null where the answer has gone out.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The record's error code; null where all went well.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The upstream refused the request's content; it counts unless the plan says otherwise.</summary>
    public bool Rejected { get; init; }

    /// <summary>False where the upstream cannot have seen anything of the request.</summary>
    public bool Reached { get; init; } = true;

    /// <summary>
    /// Whether another route may answer: the upstream produced nothing, and nothing of an answer has gone out.
    /// </summary>
    public bool MayGoOn { get; init; }

    /// <summary>Why the next route is tried, in a word; null where this one's answer is passed on.</summary>
    public string? Reason { get; init; }

    public ModelRoute? Route { get; init; }

    public UpstreamReply? Reply { get; init; }

    public RelayResult? Relay { get; init; }

    /// <summary>From the request's arrival to the first byte of the answer.</summary>
    public TimeSpan? FirstByteAfter { get; init; }

    /// <summary>A failure of which nothing has been told yet: its status is the one that the caller will get.</summary>
    public static UpstreamOutcome Failed(ModelRoute? route, Refusal refusal) => new(refusal.Status, Counts: false)
    {
        Route = route,
        Refusal = refusal,
        ErrorCode = refusal.Code.WireName(),
    };
}
