using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference;

/// <summary>The way of a request, in order. Nothing else knows the order.</summary>
public sealed class InferencePipeline(
    Authenticator authenticator,
    CatalogueSnapshot catalogue,
    RequestLedger ledger,
    Suggestions suggestions,
    UpstreamStage upstream,
    Settlement settlement,
    TimeProvider clock)
{
    public async Task RunAsync(IExchange exchange)
    {
        var admission = await AdmitAsync(exchange).ConfigureAwait(false);
        if (!admission.Accepted(out var request, out var refusal))
        {
            await exchange.RefuseAsync(refusal).ConfigureAwait(false);
            return;
        }

        // From here on the request must be settled, whatever happens.
        var outcome = await upstream.RunAsync(request, exchange).ConfigureAwait(false);
        await settlement.RunAsync(request, outcome, exchange).ConfigureAwait(false);
    }

    private async Task<Decision<AdmittedRequest>> AdmitAsync(IExchange exchange)
    {
        var (time, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (!(await authenticator.AuthenticateAsync(exchange.Secret, exchange.CallerGone).ConfigureAwait(false)).Accepted(out var caller, out var refusal)
            || !(await exchange.ReadBodyAsync().ConfigureAwait(false)).Accepted(out var bytes, out refusal)
            || !RequestBody.Parse(bytes, exchange.Surface).Accepted(out var body, out refusal)
            || !Slug.Parse(body.Model).Accepted(out var slug, out refusal)
            || !catalogue.Models.Find(slug).Accepted(out var model, out refusal)
            || !catalogue.Plans.Bind(caller, slug, model).Accepted(out var terms, out refusal))
        {
            return refusal;
        }

        Take[] takes = [.. terms.All.Select(Estimate.Take)];
        var draft = RecordWriter.Draft(exchange, caller, body, slug, model, time);
        var decision = await ledger.ReserveAsync(caller.Org.Id, exchange.RequestId, takes, draft, exchange.CallerGone).ConfigureAwait(false);
        return decision.Accepted(out var reservation, out refusal)
            ? new AdmittedRequest(caller, body, slug, model, reservation, time, started)
            : suggestions.Add(refusal, slug, caller);
    }
}
