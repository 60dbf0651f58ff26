using System.Collections.ObjectModel;
using System.IO.Pipelines;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>Gives the pipeline one request, wherever it comes from: an endpoint, a preview or a test.</summary>
public interface IIncomingRequest
{
    /// <summary>Gets the kind of request.</summary>
    Surface Surface { get; }

    /// <summary>Gets the key that was sent, or null.</summary>
    string? Secret { get; }

    /// <summary>Gets the token that fires when the caller goes away.</summary>
    CancellationToken CallerGone { get; }

    /// <summary>Reads what the caller asks for beside the request.</summary>
    Result<RequestOptions> ReadOptions();

    /// <summary>Reads the whole body, within the size that is allowed.</summary>
    Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync();

    /// <summary>Reads a body that is a form. The form is there as long as the exchange is.</summary>
    Task<Result<UploadedForm>> ReadFormAsync();
}

/// <summary>Gives the pipeline one caller's request, and takes the answer to it.</summary>
public interface IExchange : IIncomingRequest
{
    /// <summary>Gets our own, unique id of the request; the activity record has the same.</summary>
    string RequestId { get; }

    /// <summary>Gets the id by which the caller knows the request, where it sent one. Callers reuse theirs.</summary>
    string? CallerRequestId { get; }

    /// <summary>Gets the calling app's name or address, where it says so; 200 characters at most.</summary>
    string? App { get; }

    /// <summary>
    /// Gets whether status and headers have gone out. Until then another upstream's may take their place.
    /// </summary>
    bool HasBegun { get; }

    /// <summary>Gets the pipe that the answer's body is written to.</summary>
    PipeWriter Body { get; }

    /// <summary>Sets status and headers; they go out with the first flush of <see cref="Body"/>.</summary>
    void Begin(AnswerHead head);

    /// <summary>Ends the answer: after this the caller waits for nothing.</summary>
    Task CompleteAsync();

    /// <summary>
    /// Leaves the answer unfinished: what was written goes out, then the connection breaks without a proper end,
    /// so that no client takes what it has for whole. The connection breaks when the request ends, see
    /// <see cref="AfterAnswers"/>.
    /// </summary>
    void Break();

    /// <summary>Answers with a refusal and completes; ends an event stream that has begun as broken.</summary>
    Task RefuseAsync(Refusal refusal);

    /// <summary>Answers as the request was answered when it was first sent.</summary>
    Task ReplayAsync(RequestOutcome outcome);

    /// <summary>Answers again with the refusal of a request whose upstream had been called.</summary>
    Task ReplayAsync(Refusal refusal);

    /// <summary>Writes the report as the JSON object that goes into the answer.</summary>
    ReadOnlyMemory<byte> Write(UsageReport report);
}

/// <summary>Holds what a caller asks for beside the request itself.</summary>
/// <param name="Overflow">What happens once a limit is spent; null for the default.</param>
/// <param name="IdempotencyKey">The same for every sending of one request; 1 to 255 characters.</param>
/// <param name="IncludeQuota">Whether the answer says what it took and what is left.</param>
/// <param name="IncludeRoute">Whether the answer says which upstreams were tried for it.</param>
/// <param name="EndUser">
/// The id of the end user, which goes before the one in the body; null where the header names none.
/// </param>
public sealed record RequestOptions(
    Overflow? Overflow, string? IdempotencyKey, bool IncludeQuota, bool IncludeRoute = false, string? EndUser = null)
{
    /// <summary>Gets the options of a caller who asks for nothing.</summary>
    public static RequestOptions None { get; } = new(null, null, false);

    /// <summary>Gets the headers that upstreams are told where they speak the surface, by name.</summary>
    public IReadOnlyDictionary<string, string> Passed { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets how the response cache is asked for; null where it is not.</summary>
    public CacheOptions? Cache { get; init; }

    /// <summary>Gets whether the answer carries a <see cref="UsageReport"/>.</summary>
    public bool IncludesAny => IncludeQuota || IncludeRoute;
}

/// <summary>Holds what an answer says before its body.</summary>
/// <param name="ContentLength">In bytes; null unless the upstream says it and the body is passed on untouched.</param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>.</param>
/// <param name="Limits">The caller's limits after this request's own reservation.</param>
public sealed record AnswerHead(
    int Status,
    string? ContentType,
    long? ContentLength,
    string Model,
    string Upstream,
    string Tier,
    IReadOnlyList<QuotaState> Limits)
{
    /// <summary>
    /// Gets the ceiling on the output of each answer that was set for a caller who declared none, in tokens; null where
    /// none was set.
    /// </summary>
    public long? OutputCeiling { get; init; }

    /// <summary>Gets what the response cache did; null where the caller did not ask for it.</summary>
    public CacheResult? Cache { get; init; }

    /// <summary>Gets how long ago the answer was stored; null where it is new.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>
    /// Gets about how many bytes the body has, where it comes whole and only the model's name is changed in it; null
    /// where it comes piece by piece, or nobody knows.
    /// </summary>
    public long? RoughLength { get; init; }
}

/// <summary>Says what a request took and what it leaves, for callers who ask for it with their answer.</summary>
/// <param name="Limits">The caller's limits after the settlement, in the order of the quote's terms.</param>
/// <param name="CostNanos">What is charged, in nano-dollars.</param>
public sealed record UsageReport(
    string Tier, Quote Quote, IReadOnlyList<QuotaState> Limits, long GiftedTokens, long BilledTokens, long CostNanos)
{
    /// <summary>Gets what the caller asked for: its limits, or the way that the request went, or both.</summary>
    public required RequestOptions Options { get; init; }

    /// <summary>Gets the upstreams that were tried.</summary>
    public IReadOnlyList<RouteAttempt> Attempts { get; init; } = [];
}
