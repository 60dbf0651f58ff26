using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Binds the plan (step 5): finds the terms on which this caller may use a candidate, holds the request against their
/// caps, and estimates what it could use. Binding takes nothing.
/// </summary>
public sealed class BindStage(Estimator estimator, OutputOptions output, MissingPlans missing)
{
    /// <summary>Fills in the candidate's quote.</summary>
    /// <returns>Why the caller may not use the candidate for this request; null where it may.</returns>
    public Refusal? Bind(RequestContext request, Candidate candidate)
    {
        if (candidate.Unfit is { } unfit)
        {
            return unfit;
        }

        var (plans, model, body) = (request.Catalogue.Plans, candidate.Model, request.Body);
        missing.Notice(plans, request.Caller.Org);
        var bound = plans.Bind(request.Caller, candidate.Slug, model, candidate.Overflow);
        if (!bound.Accepted(out var terms, out var refusal))
        {
            return refusal;
        }

        if (terms.LacksEndUser is { } counted)
        {
            return Refuse.EndUserMissing(counted);
        }

        var isCounted = model.Routes.Any(route => CountsPrompt(request.Catalogue.UpstreamOf(route.Upstream), route));
        var prompt = estimator.Prompt(request.Caller.Org, body, model, terms, isCounted);
        if (CapStage.Check(terms.Caps, body, model, prompt.Least) is { } exceeded)
        {
            return exceeded;
        }

        var whole = Under(estimator.Ceiling(body, model, terms, prompt));
        var mayDoWithLess = body is { Surface.Ceiling: not null, OutputCeiling: null } && CountsOutput(terms);
        candidate.Quote = whole with
        {
            Smaller = mayDoWithLess ? Smaller(whole) : null,
            Under = Under,
        };
        return null;

        // A gift is spent to its last token. What is refused when it is spent, or paid, gives an answer worth having.
        SizedClaims Smaller(Quote quote)
        {
            var fits = Math.Max(output.LeastCeiling, model.ContextLength - quote.Estimate.Input);
            var most = Math.Min(quote.OutputCeiling ?? fits, model.LongestAnswer);
            var least = terms.Gifts.Count > 0 && !terms.Hard.Any(CountsOutput) ? 1 : output.LeastCeiling;
            return new SizedClaims(Math.Min(least, most), most, ceiling => Under(ceiling).Takes);
        }

        Quote Under(long? ceiling)
        {
            var estimate = Estimator.Estimate(body, candidate.Slug, model, terms, prompt, ceiling);
            return new Quote(candidate.Slug, model, terms, estimate, ceiling, body.OutputCeilingName)
            {
                ImageSize = SizeToSet(body, terms.Caps),
            };
        }
    }

    private static bool CountsPrompt(Upstream upstream, ModelRoute route) => upstream.Limits.Any(
        planned => planned.Limit.Unit.CountsPrompt() && planned.Models.Contains(route.UpstreamModel));

    /// <summary>Tells whether how long the answer may be decides whether the request is admitted.</summary>
    private static bool CountsOutput(Terms terms) =>
        terms.Gifts.Count > 0 || terms.Paid.Count > 0 || terms.Hard.Any(CountsOutput);

    private static bool CountsOutput(BoundLimit bound) => bound.Limit.Unit.CountsOutput();

    /// <summary>Finds the size to ask for where the plan bounds sizes and the caller named none; else null.</summary>
    private static string? SizeToSet(RequestBody body, Caps caps) =>
        body.Images > 0 && body.ImageSize is null && caps.ImageSizes is [var size, ..] ? size : null;
}

/// <summary>Is one way to serve a request: the model, the terms, and what it could use at most.</summary>
/// <param name="OutputCeiling">
/// In tokens; sent upstream where the caller declared no ceiling and a cap has to be held, else null.
/// </param>
/// <param name="CallerCeiling">The member by which the caller bounds its output; null where it sent none.</param>
public sealed record Quote(
    Slug Slug, Model Model, Terms Terms, Quantities Estimate, long? OutputCeiling, string? CallerCeiling = null)
{
    /// <summary>
    /// Gets the size of images that is sent upstream where the caller named none and the plan bounds it; else null.
    /// </summary>
    public string? ImageSize { get; init; }

    /// <summary>Gets what makes the same quote with a lower ceiling on the output of each answer, in tokens.</summary>
    public Func<long?, Quote>? Under { get; init; }

    /// <summary>
    /// Gets what the request makes do with where its limits cannot hold the whole estimate. Null where the caller
    /// declares a ceiling, and where no limit counts the output: then it needs the whole estimate.
    /// </summary>
    public SizedClaims? Smaller { get; init; }

    /// <summary>Gets what has to be taken before the request is sent.</summary>
    public IReadOnlyList<Claim> Takes { get; } = QuoteClaims.Takes(Terms, Model, Slug, Estimate, CallerCeiling);

    /// <summary>Makes the quote that a decision was made for: this one, or the same under a lower ceiling.</summary>
    /// <param name="ceiling">The ceiling that <see cref="Smaller"/> was decided with; null where it was not.</param>
    public Quote Sized(long? ceiling) => ceiling is { } size ? Under!(size) : this;

    /// <summary>
    /// Names who pays: <c>free</c>, nobody; <c>gift</c>, a gift, in whole or in part; <c>paid</c>, the account.
    /// </summary>
    /// <param name="gifted">Whether a gift gives anything.</param>
    public string Tier(bool gifted)
    {
        if (gifted)
        {
            return "gift";
        }

        var unpaid = Terms.Plan.Billing is Billing.Free ? "free" : "gift";
        return Terms.Paid.Count > 0 ? "paid" : unpaid;
    }

    /// <summary>
    /// Names the tier that was booked: <c>paid</c> where the gifts gave nothing of what was used. A request that used
    /// nothing keeps the tier that it was admitted by.
    /// </summary>
    public string BookedTier(string admitted, Quantities used, SettlementAmounts booked) =>
        Terms is { Gifts: [var gift, ..], Paid.Count: > 0 } && used.Of(gift.Limit.Unit) > 0
            ? Tier(gifted: booked.Covered > 0)
            : admitted;
}

/// <summary>
/// Notices orgs whose plan the catalogue does not have. They are served by the default plan, which may give more or
/// less than was meant: the log tells the operator once for each, and <c>GET key</c> tells the callers.
/// </summary>
public sealed class MissingPlans(ILogger<MissingPlans> logger)
{
    /// <summary>The most orgs that are noticed: beyond that their plans are wrong all together.</summary>
    private const int MostNoticed = 10_000;

    private readonly ConcurrentDictionary<(string Org, string Plan), bool> _noticed = new();

    /// <summary>Logs the org's plan where the catalogue does not have it and this is the first time.</summary>
    public void Notice(PlanBook plans, Org org)
    {
        if (plans.UnknownPlan(org) is { } plan && _noticed.Count < MostNoticed && _noticed.TryAdd((org.Id, plan), true))
        {
            InferenceLog.PlanMissing(logger, org.Id, plan, plans.PlanOf(org).Name);
        }
    }
}
