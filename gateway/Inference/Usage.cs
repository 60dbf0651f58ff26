using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>What a request turned out to have used: what the upstream reported, estimated where it did not say.</summary>
internal static class Usage
{
    public static Quantities Of(AdmittedRequest request, UpstreamOutcome outcome)
    {
        var (quote, body) = (request.Quote, request.Asked.Body);
        if (!outcome.Counts || (outcome.Rejected && !quote.Terms.Plan.ChargeRejected))
        {
            return new Quantities();
        }

        var tokens = Tokens(request, outcome);
        var images = outcome.Status < 300 && body.Surface.Counts(Measures.Images) ? outcome.Relay?.Items ?? 0 : 0;
        var used = body.Surface.Counts(Measures.Images)
            ? new Quantities { Requests = 1, Images = images, Output = images * (quote.Model.ImageTokens ?? 0) }
            : new Quantities { Requests = 1, Input = tokens.Prompt, Output = tokens.Completion, Characters = outcome is { Rejected: false, Relay: not null } ? body.Characters : 0 };
        return Estimating.Price(used, quote.Slug, quote.Model, quote.Terms);
    }

    /// <summary>Nothing where the upstream refused, or the caller had left before anything was produced.</summary>
    public static MeteredUsage Tokens(AdmittedRequest request, UpstreamOutcome outcome) =>
        outcome is { Counts: true, Relay: { } relay } && outcome.Status is < 300 or 499
            ? UsageEstimator.Complete(relay.Usage, request.Asked.Body.PromptBytes, relay.CompletionBytes, request.Asked.Body.Surface.Measures)
            : MeteredUsage.None;
}
