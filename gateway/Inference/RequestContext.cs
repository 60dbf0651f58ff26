using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Carries one request through the pipeline. Each step fills in what it finds out and reads what the steps before it
/// left; reading what no step has filled in yet is a bug and throws.
/// </summary>
public sealed class RequestContext(IIncomingRequest incoming, WaitBudget waits, TimeProvider clock) : IDisposable
{
    /// <summary>Gets the request as it came.</summary>
    public IIncomingRequest Incoming => incoming;

    /// <summary>Gets the exchange to answer on. A preview has none.</summary>
    public IExchange Exchange { get; } = (incoming as IExchange)!;

    /// <summary>Gets the time that the request may still wait for storage before it is admitted.</summary>
    public WaitBudget Waits => waits;

    /// <summary>Gets the time of arrival: windows and records go by it.</summary>
    public DateTimeOffset Time { get; } = clock.GetUtcNow();

    /// <summary>Gets the <see cref="TimeProvider"/> timestamp of arrival: durations are measured from it.</summary>
    public long Started { get; } = clock.GetTimestamp();

    /// <summary>Gets the token that fires when the caller goes away.</summary>
    public CancellationToken CallerGone => incoming.CallerGone;

    /// <summary>Gets whether step 1 has found out who calls.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>Gets the caller. Step 1 sets it.</summary>
    public Caller Caller
    {
        get => field ?? throw NotYet(1);
        set => (field, IsAuthenticated) = (value, true);
    }

    /// <summary>
    /// Gets the catalogue as it was when the request came. Step 2 sets it; every later step goes by this one, whatever
    /// is activated meanwhile.
    /// </summary>
    public CatalogueSnapshot Catalogue
    {
        get => field ?? throw NotYet(2);
        set;
    }

    /// <summary>Gets what the caller asks for in headers. Step 2 sets it.</summary>
    public RequestOptions Options
    {
        get => field ?? throw NotYet(2);
        set;
    }

    /// <summary>Gets the body. Step 2 sets it.</summary>
    public RequestBody Body
    {
        get => field ?? throw NotYet(2);
        set;
    }

    /// <summary>
    /// Gets what the request names, each once, in the order in which it is tried; empty before step 2.
    /// </summary>
    public IReadOnlyList<Slug> Slugs { get; set; } = [];

    /// <summary>
    /// Gets the row that makes the request one. Step 3 sets it where there is an <c>Idempotency-Key</c>.
    /// </summary>
    public IdempotencyRow? Idempotency { get; set; }

    /// <summary>
    /// Gets the shared look-up that found no earlier request; the next one waits until it is disposed.
    /// </summary>
    public IDisposable? IdempotencyLookup { get; set; }

    /// <summary>Gets whether the recorded outcome of an earlier request has been sent as the answer.</summary>
    public bool IsReplayed { get; set; }

    /// <summary>
    /// Gets what the response cache has done so far for the candidate that is tried; null where the caller did not ask
    /// for it.
    /// </summary>
    public CacheResult? Cache { get; set; }

    /// <summary>
    /// Gets the models behind <see cref="Slugs"/>, in their order; null stands for any free one. Step 4 sets it.
    /// </summary>
    public IReadOnlyList<Model?> Models
    {
        get => field ?? throw NotYet(4);
        set;
    }

    /// <summary>Gets the admitted request whose upstreams failed, while another model is tried in its place.</summary>
    public AdmittedRequest? HeldBack { get; set; }

    /// <summary>Gets the upstreams that were tried so far.</summary>
    public AttemptLog Attempts { get; } = new();

    /// <summary>Gets whether the caller leaves it to us which model answers.</summary>
    public bool MayBeServedByOthers => Slugs.Count > 1 || ModelStage.IsAuto(Slugs[0]);

    public void Dispose() => IdempotencyLookup?.Dispose();

    private static InvalidOperationException NotYet(int step) => new($"Step {step} of the pipeline has not run yet.");
}

/// <summary>Lists the upstreams that were tried for a request, over all models that it may be served by.</summary>
public sealed class AttemptLog
{
    private readonly List<RouteAttempt> _attempts = [];

    /// <summary>
    /// Gets the attempts in order: the first ones and the last where there were more than a record holds.
    /// </summary>
    public IReadOnlyList<RouteAttempt> All => [.. _attempts];

    /// <summary>Adds one attempt.</summary>
    /// <param name="reason">Why the next route is tried; null where the answer of this one is passed on.</param>
    public void Add(ModelRoute route, int? status, TimeSpan time, string? reason)
    {
        UpstreamMetrics.Attempted(route.Upstream, status, reason, time);
        if (_attempts.Count == ActivityBounds.Attempts)
        {
            _attempts.RemoveAt(_attempts.Count - 1);
        }

        _attempts.Add(
            new RouteAttempt(route.Upstream, route.UpstreamModel, status, (long)time.TotalMilliseconds, reason));
    }

    /// <summary>Says of the attempt added last why its answer was not passed on after all.</summary>
    public void Fail(string reason) => _attempts[^1] = _attempts[^1] with { Reason = reason };
}
