using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>Says how the call to the upstream went.</summary>
/// <param name="Status">The status that the caller got; 499 where the caller had gone.</param>
/// <param name="Counts">
/// Whether the request counts against request limits. False where no upstream produced anything.
/// </param>
public sealed record UpstreamOutcome(int Status, bool Counts)
{
    /// <summary>The status of a request whose caller went away.</summary>
    private const int CallerGoneStatus = 499;

    /// <summary>
    /// Gets the refusal to answer once what was taken has been given back; null where the answer has gone out.
    /// </summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Gets the record's error code; null where all went well.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>
    /// Gets whether the upstream refused the request's content, which counts unless the plan says otherwise.
    /// </summary>
    public bool Rejected { get; init; }

    /// <summary>Gets whether the upstream may have seen anything of the request.</summary>
    public bool Reached { get; init; } = true;

    /// <summary>
    /// Gets whether another route may answer: nothing was produced, and nothing of an answer has gone out.
    /// </summary>
    public bool MayGoOn { get; init; }

    /// <summary>Gets why the next route is tried, in a word; null where the answer of this one is passed on.</summary>
    public string? Reason { get; init; }

    public ModelRoute? Route { get; init; }

    public UpstreamReply? Reply { get; init; }

    public RelayResult? Relay { get; init; }

    /// <summary>Gets the time from the request's arrival to the first byte of the answer.</summary>
    public TimeSpan? FirstByteAfter { get; init; }

    /// <summary>Gets what the request used; nothing until the outcome is final.</summary>
    public RequestUsage Usage { get; init; } = RequestUsage.None;

    /// <summary>Makes the outcome of a failure that the caller has not been told yet.</summary>
    public static UpstreamOutcome Failed(ModelRoute? route, Refusal refusal) => new(refusal.Status, Counts: false)
    {
        Route = route,
        Refusal = refusal,
        ErrorCode = refusal.Code.WireName(),
    };

    /// <summary>
    /// Makes the outcome of a call whose caller went away while the upstream was at work: the request counts.
    /// </summary>
    public static UpstreamOutcome CallerGone(ModelRoute route) =>
        new UpstreamOutcome(CallerGoneStatus, Counts: true) { Route = route, Reason = CallerGoneCode }.LeftByCaller();

    /// <summary>Makes the same outcome for a caller who went away before the end of the answer.</summary>
    public UpstreamOutcome LeftByCaller() => this with { Status = CallerGoneStatus, ErrorCode = CallerGoneCode };

    private const string CallerGoneCode = "caller_gone";
}

/// <summary>Says what a request used.</summary>
/// <param name="Tokens">As reported, or estimated and marked so; also where no limit counts them.</param>
/// <param name="Quantities">What limits, gifts and the account are booked with.</param>
public sealed record RequestUsage(MeteredUsage Tokens, Quantities Quantities)
{
    /// <summary>Gets the usage of a request that used nothing.</summary>
    public static RequestUsage None { get; } = new(MeteredUsage.None, new Quantities());
}
