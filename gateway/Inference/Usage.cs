using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Determines what a request has used: what the upstream reported, or an estimate where it did not say.
/// </summary>
public static class Usage
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

        var images = outcome.Status < 300 && body.Surface.Counts(Measures.Images) ? Images(outcome.Relay, body) : 0;
        var used = body.Surface.Counts(Measures.Images)
            ? new Quantities { Requests = 1, Images = images, Output = images * (quote.Model.ImageTokens ?? 0) }
            : new Quantities
            {
                Requests = 1,
                Input = tokens.Prompt,
                Cached = tokens.Cached,
                Output = tokens.Completion,
                Characters = outcome is { Rejected: false, Relay: not null } ? body.Characters : 0,
                Seconds = tokens.Seconds,
            };
        return Estimator.Price(used, quote.Slug, quote.Model, quote.Terms);
    }

    /// <summary>The tokens that are booked: none where the upstream refused, or nothing of an answer came.</summary>
    public static MeteredUsage Tokens(AdmittedRequest request, UpstreamOutcome outcome)
    {
        var body = request.Context.Body;
        if (outcome is not { Counts: true, Relay: { } relay } || outcome.Status is not (< 300 or 499))
        {
            return MeteredUsage.None;
        }

        if (body.Surface.Counts(Measures.Seconds))
        {
            return UsageEstimator.WithDetails(Heard(relay, body, request.Quote.Model), relay.Usage);
        }

        return Of(relay, body.Surface, body.PromptBytes, request.Quote.Estimate.Output);
    }

    /// <summary>
    /// The tokens that an answer is booked with, as <c>docs/usage-shapes.md</c> says for each shape of usage.
    /// </summary>
    /// <param name="held">The output tokens that were reserved: what came but could not be read is settled at
    ///     them.</param>
    public static MeteredUsage Of(RelayResult relay, Surface surface, long promptBytes, long held)
    {
        var writes = surface.Counts(Measures.OutputTokens);
        if (relay.HasFailedEmpty || (writes && relay.IsNothing))
        {
            return MeteredUsage.None;
        }

        var used = UsageEstimator.Complete(relay.Usage, promptBytes, relay.CompletionBytes, surface.Measures);
        if (relay.HasUnreadable && writes && UsageEstimator.CompletionOf(relay.Usage) is null)
        {
            return used with { Completion = Math.Max(used.Completion, held), Estimated = true };
        }

        var areImagesUnread = relay is { HasUnreadable: true, Items: 0 } && surface.Counts(Measures.Images);
        return areImagesUnread ? used with { Estimated = true } : used;
    }

    /// <summary>The images that came; those that were asked for where the answer could not be read.</summary>
    private static int Images(RelayResult? relay, RequestBody body) =>
        relay is { HasUnreadable: true, Items: 0 } ? body.Images : relay?.Items ?? 0;

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
