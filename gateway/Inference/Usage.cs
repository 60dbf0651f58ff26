using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// What a request turned out to have used: what the upstream reported, estimated where it did not say.
/// </summary>
internal static class Usage
{
    public static RequestUsage Of(AdmittedRequest request, UpstreamOutcome outcome)
    {
        var tokens = Tokens(request, outcome);
        return new RequestUsage(tokens, QuantitiesOf(request, outcome, tokens));
    }

    private static Quantities QuantitiesOf(AdmittedRequest request, UpstreamOutcome outcome, MeteredUsage tokens)
    {
        var (quote, body) = (request.Quote, request.Context.Body);
        if (!outcome.Counts || (outcome.Rejected && !quote.Terms.Plan.ChargeRejected))
        {
            return new Quantities();
        }

        var images = outcome.Status < 300 && body.Surface.Counts(Measures.Images) ? outcome.Relay?.Items ?? 0 : 0;
        var used = body.Surface.Counts(Measures.Images)
            ? new Quantities { Requests = 1, Images = images, Output = images * (quote.Model.ImageTokens ?? 0) }
            : new Quantities
            {
                Requests = 1,
                Input = tokens.Prompt,
                Output = tokens.Completion,
                Characters = outcome is { Rejected: false, Relay: not null } ? body.Characters : 0,
                Seconds = tokens.Seconds,
            };
        return Estimator.Price(used, quote.Slug, quote.Model, quote.Terms);
    }

    /// <summary>Nothing where the upstream refused, or the caller had left before anything was produced.</summary>
    private static MeteredUsage Tokens(AdmittedRequest request, UpstreamOutcome outcome)
    {
        var body = request.Context.Body;
        return outcome is not { Counts: true, Relay: { } relay } || outcome.Status is not (< 300 or 499) ? MeteredUsage.None
            : body.Surface.Counts(Measures.Seconds) ? Heard(relay, body, request.Quote.Model)
            : UsageEstimator.Complete(relay.Usage, body.PromptBytes, relay.CompletionBytes, body.Surface.Measures);
    }

    /// <summary>
    /// Upstreams report seconds or tokens, whichever they are paid by; what is not reported is as long as it was
    /// thought to be.
    /// </summary>
    private static MeteredUsage Heard(RelayResult relay, RequestBody body, Model model)
    {
        var (seconds, tokens) = (relay.Seconds, relay.Usage);
        var counted = tokens is { Prompt: > 0 } or { Completion: > 0 } or { Total: > 0 };
        var heard = counted
            ? new MeteredUsage(tokens.Prompt ?? tokens.Total - tokens.Completion ?? 0, tokens.Completion ?? 0, Estimated: false)
            : Estimator.SoundTokens(body, model);
        return heard with
        {
            Seconds = seconds ?? body.Seconds,
            Estimated = heard.Estimated || (seconds is null && (!counted || model.Price.AudioMinute > 0)),
        };
    }
}
