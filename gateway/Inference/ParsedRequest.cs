using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was understood, before anything is looked up or taken for it.</summary>
/// <param name="Catalogue">As it was when the request came. Every stage goes by this one, whatever is activated
///     meanwhile.</param>
/// <param name="Slugs">What it may be served by, in the order in which they are tried.</param>
/// <param name="Started">A <see cref="TimeProvider"/> timestamp.</param>
/// <param name="Waits">What it may still wait for storage before it is admitted.</param>
/// <param name="Once">Where it has an <c>Idempotency-Key</c>: the row that makes it one request.</param>
public sealed record ParsedRequest(
    IExchange Exchange, CatalogueSnapshot Catalogue, Caller Caller, RequestOptions Options, RequestBody Body,
    IReadOnlyList<Slug> Slugs, IdempotencyRow? Once, WaitBudget Waits, DateTimeOffset Time, long Started)
{
    /// <summary>What was tried for it so far.</summary>
    public AttemptLog Attempts { get; } = new();

    /// <summary>What it was told of a request before it; held until its own reservation is decided.</summary>
    public IDisposable? RepeatLook { get; set; }

    /// <summary>
    /// Whether the answer has to say which model it is from, by the name that the caller knows: it did not name one
    /// alone.
    /// </summary>
    public bool IsToldItsModel => Body.Models.Count > 0 || Slugs.Any(CandidateStage.IsAuto);

    /// <summary>Whether the caller leaves it to us which model answers.</summary>
    public bool MayBeServedByOthers => Slugs.Count > 1 || CandidateStage.IsAuto(Slugs[0]);
}

/// <summary>The upstreams that were tried for a request, over all models that it may be served by.</summary>
public sealed class AttemptLog
{
    private readonly List<RouteAttempt> _attempts = [];

    /// <summary>In order; the first and the last where there were more than a record tells.</summary>
    public IReadOnlyList<RouteAttempt> All => [.. _attempts];

    /// <param name="reason">Null where its answer is passed on.</param>
    public void Add(ModelRoute route, int? status, TimeSpan time, string? reason)
    {
        UpstreamMetrics.Attempted(route.Upstream, status, reason, time);
        if (_attempts.Count == ActivityBounds.Attempts)
        {
            _attempts.RemoveAt(_attempts.Count - 1);
        }

        _attempts.Add(new RouteAttempt(route.Upstream, route.UpstreamModel, status, (long)time.TotalMilliseconds, reason));
    }

    /// <summary>Says of the attempt added last why its answer was not passed on after all.</summary>
    public void Fail(string reason) => _attempts[^1] = _attempts[^1] with { Reason = reason };
}
