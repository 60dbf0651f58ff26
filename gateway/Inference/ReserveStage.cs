using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>Reserves what a candidate's quote says (step 6): all limits, gifts and credit together, or none.</summary>
public sealed class ReserveStage(
    RequestLedger ledger, RouteSelector routes, AttemptLeases leases, Suggestions suggestions)
{
    /// <summary>Admits the request by this candidate, which must have a quote.</summary>
    /// <returns>Why nothing was taken; null where the request is admitted.</returns>
    public async Task<Refusal?> ReserveAsync(RequestContext request, Candidate candidate)
    {
        var (quote, caller) = (candidate.Quote!, request.Caller);
        if (WhyPassedOver(request, candidate) is { } waits)
        {
            return waits;
        }

        // Clients send a refused request again and again: it costs no record, no timer and no wait.
        if (ledger.TryRefuse(caller.Org.Id, quote.Takes, quote.Smaller) is { } known)
        {
            return Explain(request, quote, known);
        }

        var draft = RecordWriter.Draft(request, quote);
        var decision = await request.Waits.SpendAsync(left => ledger.ReserveAsync(
            caller.Org.Id,
            request.Exchange.RequestId,
            quote.Takes,
            draft,
            request.CallerGone,
            request.Idempotency,
            replaced: request.HeldBack?.Row,
            within: left,
            smaller: quote.Smaller));
        if (decision.Accepted(out var reservation, out var refusal))
        {
            candidate.Admitted = new AdmittedRequest(request, quote.Sized(reservation.Size), reservation)
            {
                // An answer that was made shorter because little was left is not what the next request wants.
                CacheKey = reservation.Size is null ? candidate.CacheKey : null,
            };
            return null;
        }

        return Explain(request, quote, refusal);
    }

    /// <summary>Looks what this candidate, which must have a quote, would get now. Nothing is taken.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Result<Allocation>> CheckAsync(RequestContext request, Candidate candidate)
    {
        if (WhyPassedOver(request, candidate) is { } waits)
        {
            return waits;
        }

        var quote = candidate.Quote!;
        var decision = await ledger.CheckAsync(request.Caller.Org.Id, quote.Takes, request.CallerGone, quote.Smaller);
        return decision.Accepted(out var allocation, out var refusal) ? allocation : Explain(request, quote, refusal);
    }

    /// <summary>
    /// Says why no upstream can take the request now, as far as that is known in memory. Where another model may serve
    /// it, nothing is taken for one that cannot.
    /// </summary>
    private Refusal? WhyPassedOver(RequestContext request, Candidate candidate)
    {
        var quote = candidate.Quote!;
        if (!request.MayBeServedByOthers && !candidate.IsOverflow)
        {
            return null;
        }

        var plan = routes.Plan(request, quote, leases.Estimate(request, quote));
        return plan.Routes is [] ? Explain(request, quote, routes.WhyNoRoute(plan, plan.Soonest)) : null;
    }

    /// <summary>Adds to a refusal what it is about, what helps, and how the caller wants to hear of it.</summary>
    private Refusal Explain(RequestContext request, Quote quote, Refusal refusal) =>
        suggestions.Add(request, quote, refusal) with
        {
            Model = quote.Model.Id,
            Tier = quote.Tier(gifted: false),
            HardRefusal = request.Caller.Key.HardRefusal,
            Dialect = quote.Terms.Dialect,
        };
}

/// <summary>Is a request that was admitted by one of its candidates. It must be settled, whatever happens.</summary>
public sealed class AdmittedRequest(RequestContext context, Quote quote, Reservation reservation)
{
    /// <summary>Gets the request that was admitted.</summary>
    public RequestContext Context => context;

    /// <summary>Gets the quote that the request is served by.</summary>
    public Quote Quote => quote;

    public Reservation Reservation => reservation;

    /// <summary>
    /// Gets who pays as it looks at admission, <c>free</c>, <c>gift</c> or <c>paid</c>: for the answer's headers. The
    /// record says what was booked.
    /// </summary>
    public string Tier { get; } = quote.Tier(gifted: reservation.Covered > 0);

    /// <summary>
    /// Gets whether the request may give back some of what it holds: its place among those at once, tokens or money
    /// that it does not use. Of a limit on requests it gives nothing back once it is answered.
    /// </summary>
    public bool MayGiveBack { get; } = quote.Takes.Any(take => take.Bound.Limit.Unit is not LimitUnit.Requests);

    /// <summary>
    /// Finds where a route leads, address and key included, by the catalogue that the request came under.
    /// </summary>
    public Upstream UpstreamOf(ModelRoute route) => context.Catalogue.UpstreamOf(route.Upstream);

    /// <summary>Makes the head of an answer that comes by this route.</summary>
    public AnswerHead Head(ModelRoute route, int status, string? contentType, long? length) =>
        new(status, contentType, length, quote.Model.Id, route.Upstream, Tier, reservation.Limits)
        {
            OutputCeiling = quote.OutputCeiling,
            Cache = context.Cache,
        };

    /// <summary>
    /// Adds to a refusal the model and the tier that the request was admitted by, where it names none.
    /// </summary>
    public Refusal Named(Refusal refusal) =>
        refusal with { Model = refusal.Model ?? quote.Model.Id, Tier = refusal.Tier ?? Tier };

    /// <summary>Gets the key under which the answer is stored; null where it is not.</summary>
    public ResponseKey? CacheKey { get; init; }

    /// <summary>Gets the copy of the answer that is made as it passes; null where none is.</summary>
    public RecordedPipe? Recording { get; internal set; }

    /// <summary>Gets the finished row of a failure that is held back; null before.</summary>
    public RequestRow? Row { get; internal set; }

    /// <summary>Gets the failure that is held back while another model is tried; null where none is.</summary>
    internal UpstreamOutcome? Failure { get; set; }

    /// <summary>Gets the settlement, which is begun once, by whichever step comes first; null before.</summary>
    internal Task<SettledRequest?>? Settlement { get; set; }
}
