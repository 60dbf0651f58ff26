using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was understood, before anything is looked up or taken for it.</summary>
/// <param name="Catalogue">As it was when the request came. Every stage goes by this one, whatever is activated meanwhile.</param>
/// <param name="Slugs">What it may be served by, in the order in which they are tried.</param>
/// <param name="Started">A <see cref="TimeProvider"/> timestamp.</param>
/// <param name="Waits">What it may still wait for storage before it is admitted.</param>
/// <param name="Once">Where it has an <c>Idempotency-Key</c>: the row that makes it one request.</param>
public sealed record AskedRequest(
    IExchange Exchange, CatalogueSnapshot Catalogue, Caller Caller, Wishes Wishes, RequestBody Body,
    IReadOnlyList<Slug> Slugs, IdempotencyRow? Once, WaitBudget Waits, DateTimeOffset Time, long Started)
{
    /// <summary>What was tried for it so far.</summary>
    public AttemptLog Attempts { get; } = new();

    /// <summary>What it was told of a request before it; held until its own reservation is decided.</summary>
    public IDisposable? RepeatLook { get; set; }

    /// <summary>Whether the answer has to say which model it is from, by the name that the caller knows: it did not name one alone.</summary>
    public bool IsToldItsModel => Body.Models.Count > 0 || Slugs.Any(Candidates.IsAuto);

    /// <summary>Whether the caller leaves it to us which model answers.</summary>
    public bool MayBeServedByOthers => Slugs.Count > 1 || Candidates.IsAuto(Slugs[0]);
}
