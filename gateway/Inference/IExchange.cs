using System.IO.Pipelines;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

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
    Decision<Wishes> ReadWishes();

    /// <summary>The whole body, within the size that is allowed.</summary>
    Task<Decision<ReadOnlyMemory<byte>>> ReadBodyAsync();

    /// <summary>The same for a body that is a form. It is there as long as the exchange is.</summary>
    Task<Decision<UploadedForm>> ReadFormAsync();

    /// <summary>Sets status and headers; they go out with the first flush of <see cref="Body"/>.</summary>
    void Begin(AnswerHead head);

    /// <summary>True once <see cref="Begin"/> was called.</summary>
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
    Task ReplayAsync(Outcome outcome);

    /// <summary>The same for a request that was refused after its upstream had been called.</summary>
    Task ReplayAsync(Refusal refusal);

    /// <summary>The note as the JSON object that goes into the answer.</summary>
    ReadOnlyMemory<byte> Write(UsageNote note);
}
