using System.IO.Pipelines;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>One caller's request and the answer to it, as the pipeline sees them.</summary>
public interface IExchange
{
    /// <summary>Ours, unique; it is the activity record's id too.</summary>
    string RequestId { get; }

    /// <summary>The id by which the caller knows it, where it sent one; anything but unique.</summary>
    string? CallerRequestId { get; }

    /// <summary>What kind of request it is.</summary>
    Surface Surface { get; }

    /// <summary>The key that was sent, or null.</summary>
    string? Secret { get; }

    /// <summary>The calling app's name or address, where it says so; 200 characters at most.</summary>
    string? App { get; }

    /// <summary>Fires when the caller goes away.</summary>
    CancellationToken CallerGone { get; }

    /// <summary>What the caller asks for beside the request.</summary>
    Result<RequestOptions> ReadOptions();

    /// <summary>The whole body, within the size that is allowed.</summary>
    Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync();

    /// <summary>The same for a body that is a form. It is there as long as the exchange is.</summary>
    Task<Result<UploadedForm>> ReadFormAsync();

    /// <summary>Sets status and headers; they go out with the first flush of <see cref="Body"/>.</summary>
    void Begin(AnswerHead head);

    /// <summary>Whether status and headers have gone out. Until then another upstream's may take their place.</summary>
    bool HasBegun { get; }

    PipeWriter Body { get; }

    /// <summary>Ends the answer: after this the caller waits for nothing.</summary>
    Task CompleteAsync();

    /// <summary>
    /// Leaves the answer unfinished: what was written goes out, then the connection breaks without a proper end,
    /// so that no client takes what it has for whole. It happens when the request ends, see <see cref="AfterAnswers"/>.
    /// </summary>
    void Break();

    /// <summary>Answers with a refusal and completes; in an event stream that has begun, ends it as broken.</summary>
    Task RefuseAsync(Refusal refusal);

    /// <summary>Answers as the request was answered when it was first sent.</summary>
    Task ReplayAsync(RequestOutcome outcome);

    /// <summary>The same for a request that was refused after its upstream had been called.</summary>
    Task ReplayAsync(Refusal refusal);

    /// <summary>The note as the JSON object that goes into the answer.</summary>
    ReadOnlyMemory<byte> Write(UsageReport note);
}

/// <summary>What an answer says before its body.</summary>
/// <param name="ContentLength">Where the upstream says it and the body is passed on untouched.</param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>.</param>
/// <param name="Limits">Where the caller stands after this request's own reservation.</param>
public sealed record AnswerHead(
    int Status, string? ContentType, long? ContentLength, string Model, string Upstream, string Tier, IReadOnlyList<QuotaState> Limits);
