using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was understood, before anything is looked up or taken for it.</summary>
/// <param name="Started">A <see cref="TimeProvider"/> timestamp.</param>
/// <param name="Once">Where it has an <c>Idempotency-Key</c>: the row that makes it one request.</param>
public sealed record AskedRequest(
    IExchange Exchange, Caller Caller, Wishes Wishes, RequestBody Body, Slug Slug, IdempotencyRow? Once, DateTimeOffset Time, long Started);
