using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Keeps attempts within their upstreams' own limits: leases what one may use, books what it used, and learns from what
/// the upstream says of its limits.
/// </summary>
public sealed class AttemptLeases(QuotaLeases leases, QuotaLeaseOptions options, Parking parking, Latencies latencies)
{
    /// <summary>An attempt that the upstream refused: it counts as a request, and used nothing else.</summary>
    private static readonly Quantities Refused = new() { Requests = 1 };

    /// <summary>
    /// Estimates what an upstream may count. The caller's limits are held against the longest answer that could come,
    /// an upstream's against one as long as was asked for, or as answers are: else a limit on tokens would let nothing
    /// through.
    /// </summary>
    public Quantities Estimate(RequestContext request, Quote quote)
    {
        var body = request.Body;
        var assumed = Math.Min(quote.OutputCeiling ?? long.MaxValue, options.AssumedOutputTokens);
        var output = (body.OutputCeiling ?? assumed) * body.N;
        return output < quote.Estimate.Output
            ? Estimator.Price(quote.Estimate with { Output = output }, quote.Slug, quote.Model, quote.Terms)
            : quote.Estimate;
    }

    /// <summary>
    /// Leases what one attempt may use. A storage operation is needed only where the leased block has run out.
    /// </summary>
    /// <param name="estimate">What the attempt could use, see <see cref="Estimate"/>.</param>
    public Task<QuotaLeaseResult> TakeAsync(
        AdmittedRequest admitted, ModelRoute route, Quantities estimate, CancellationToken cancellation)
    {
        var upstream = admitted.UpstreamOf(route);
        var claims = UpstreamClaims.Of(upstream, route.UpstreamModel, estimate);
        return leases.TakeAsync(upstream.KeyId, claims, cancellation);
    }

    /// <summary>
    /// Learns from an answer: our count follows what the upstream says down, and a 429 parks the model, and then the
    /// key.
    /// </summary>
    /// <param name="after">How long the answer's headers took.</param>
    public void Learn(Upstream upstream, ModelRoute route, UpstreamReply reply, TimeSpan after)
    {
        if (reply.RateLimits.Count > 0)
        {
            var readings =
                from reading in reply.RateLimits
                where reading.Remaining is not null
                select new RateLimitObservation(
                    reading.Unit, reading.Window, reading.Limit, reading.Remaining!.Value, reading.ResetsAt);
            leases.Correct(upstream.KeyId, UpstreamClaims.Limits(upstream, route.UpstreamModel), [.. readings]);
        }

        if (reply.Status is 429)
        {
            parking.Park(upstream.EndpointId, route.UpstreamModel, reply.RetryAfter, reply.Status);
        }
        else if (reply.IsSuccess)
        {
            parking.Clear(upstream.EndpointId, route.UpstreamModel);
            latencies.Record(upstream.EndpointId, route.UpstreamModel, after);
        }
    }

    /// <summary>
    /// Books what an attempt used of its upstream: nothing where it was not reached, all where it did not say.
    /// </summary>
    public static void Settle(AdmittedRequest admitted, UpstreamOutcome outcome, QuotaLease lease)
    {
        if (!outcome.Reached)
        {
            lease.GiveBack();
            return;
        }

        var answeredWithoutRelay = outcome.Reply is { IsSuccess: true } && outcome.Relay is null;
        if (outcome is not { Route: { } route, Reply: { } reply } || answeredWithoutRelay)
        {
            lease.SettleWhole();
            return;
        }

        // What a plan counts of cached tokens is between us and the caller.
        var used = (reply.IsSuccess ? outcome.Usage.Quantities : Refused) with { Uncounted = 0 };
        lease.Settle(UpstreamClaims.Priced(admitted.UpstreamOf(route), route.UpstreamModel, used).Of);
    }
}
