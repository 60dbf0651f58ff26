using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Decides where an admitted request is sent, takes each attempt's allowance, and learns from how it went.
/// </summary>
public sealed class RouteStage(
    RouteEvaluator standings,
    QuotaLeases allowances,
    QuotaLeaseOptions options,
    Parking parking,
    Latencies latencies,
    Random random,
    TimeProvider clock)
{
    private static readonly Quantities Refused = new() { Requests = 1 };

    public RoutePlan Plan(AdmittedRequest request)
    {
        var (model, body) = (request.Quote.Model, request.Asked.Body);
        var needs = new RouteRequirements(body.Surface, body.Tools, body.ImageInputs > 0, request.Quote.Estimate.Input + (body.OutputCeiling ?? 1));
        var estimate = Estimate(request);
        return RouteOrder.Of(
            [.. model.Routes.Select(route => standings.Look(request.Asked.Catalogue.UpstreamOf(route.Upstream), route, needs, model.ContextLength, estimate))],
            body.Routes,
            Chance);
    }

    /// <summary>Why no upstream of a model can ever serve a request; null where one can.</summary>
    public static Refusal? Check(RequestBody body, Model model)
    {
        var wanted = model.Routes.Where(route => body.Routes.Allows(route.Upstream)).ToList();
        return wanted.Count is 0
                ? Refuse.InvalidField("provider", $"'provider' leaves no upstream for '{model.Id}'. It can be had from: {string.Join(", ", model.Routes.Select(route => route.Upstream).Distinct())}.")
            : body.Tools && !wanted.Exists(route => route.Tools)
                ? Refuse.InvalidField("tools", $"'{model.Id}' cannot call tools here. Leave 'tools' out, or choose another model.")
            : body.ImageInputs > 0 && !wanted.Exists(route => route.Vision)
                ? Refuse.InvalidField(body.Surface.Content.Name, $"'{model.Id}' does not look at images here. Send text alone, or choose another model.")
            : null;
    }

    /// <summary>
    /// Models in the order in which their free allowances are spent so that least is wasted; those without limits keep
    /// their order, after them.
    /// </summary>
    public IReadOnlyList<Model> Pool(CatalogueSnapshot catalogue, IEnumerable<Model> models) =>
        PoolOrder.Of([.. models], model => model.Routes.FirstOrDefault(route => catalogue.UpstreamOf(route.Upstream).Ready) is { } route
            ? standings.Left(catalogue.UpstreamOf(route.Upstream), route)
            : [], clock.GetUtcNow());

    /// <summary>
    /// What one attempt may use of its upstream. Only where the block has run out does it cost a storage operation.
    /// </summary>
    public Task<QuotaLeaseResult> TakeAsync(AdmittedRequest request, ModelRoute route, CancellationToken cancellation)
    {
        var upstream = UpstreamOf(request, route);
        return allowances.TakeAsync(upstream.Partition, UpstreamClaims.Of(upstream, route.UpstreamModel, Estimate(request)), cancellation);
    }

    /// <summary>
    /// Where a route of this request leads: by the catalogue that it was admitted by, address and key included.
    /// </summary>
    public static Upstream UpstreamOf(AdmittedRequest request, ModelRoute route) => request.Asked.Catalogue.UpstreamOf(route.Upstream);

    /// <summary>
    /// The upstream has answered: our count follows what it says down, and a 429 parks the model, and then the key.
    /// </summary>
    public void Answered(Upstream upstream, ModelRoute route, UpstreamReply reply, TimeSpan after)
    {
        allowances.Correct(
            upstream.Partition,
            UpstreamClaims.Limits(upstream, route.UpstreamModel),
            [.. reply.RateLimits.Where(reading => reading.Remaining is not null)
                .Select(reading => new RateLimitObservation(reading.Unit, reading.Window, reading.Limit, reading.Remaining!.Value, reading.ResetsAt))]);
        if (reply.Status is 429)
        {
            parking.Park(upstream.Place, route.UpstreamModel, reply.RetryAfter, reply.Status);
        }
        else if (reply.IsSuccess)
        {
            parking.Answered(upstream.Place, route.UpstreamModel);
            latencies.Saw(upstream.Place, route.UpstreamModel, after);
        }
    }

    /// <summary>
    /// Books what the attempt used of the upstream: nothing where it was not reached, all where it did not say.
    /// </summary>
    public static void Settle(AdmittedRequest request, UpstreamOutcome outcome, QuotaLease allowance)
    {
        if (!outcome.Reached)
        {
            allowance.GiveBack();
        }
        else if (outcome is not { Route: { } route, Reply: { } reply } || (reply.IsSuccess && outcome.Relay is null))
        {
            allowance.SettleWhole();
        }
        else
        {
            allowance.Settle(UpstreamClaims.Priced(UpstreamOf(request, route), route.UpstreamModel, reply.IsSuccess ? Usage.Of(request, outcome) : Refused).Of);
        }
    }

    /// <summary>
    /// What an upstream may count: the caller's limits are held against the longest answer that could come, an
    /// upstream's against one as long as was asked for, or as answers are. Else a limit on tokens would let nothing
    /// through.
    /// </summary>
    private Quantities Estimate(AdmittedRequest request)
    {
        var (quote, body) = (request.Quote, request.Asked.Body);
        var output = (body.OutputCeiling ?? quote.OutputCeiling ?? options.UntoldOutput) * body.N;
        return output < quote.Estimate.Output
            ? Estimator.Price(quote.Estimate with { Output = output }, quote.Slug, quote.Model, quote.Terms)
            : quote.Estimate;
    }

    private double Chance()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}
