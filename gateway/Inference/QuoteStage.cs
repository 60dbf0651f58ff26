using System.Collections.Concurrent;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Finds the model of a slug, the terms on which this caller may use it, and what the request could need. It takes
/// nothing.
/// </summary>
public sealed class QuoteStage(Estimator estimating, MissingPlans missing)
{
    public Result<Quote> Quote(CatalogueSnapshot catalogue, Caller caller, RequestBody body, Slug slug, Overflow? overflow)
    {
        missing.Notice(catalogue.Plans, caller.Org);
        if (!catalogue.Models.Find(slug).Accepted(out var model, out var refusal)
            || !catalogue.Plans.Bind(caller, slug, model, overflow).Accepted(out var terms, out refusal))
        {
            return refusal;
        }

        if (CapStage.Check(terms.Caps, body, model, estimating.Prompt(body, model)) is { } exceeded)
        {
            return exceeded;
        }

        var mayDoWithLess = terms.Gifts.Count > 0 && body is { Surface.Ceiling: not null, OutputCeiling: null };
        return Under(estimating.Ceiling(body, model, terms)) with
        {
            Under = mayDoWithLess ? ceiling => Under(ceiling) : null,
        };

        Quote Under(long? ceiling) =>
            new(
                slug, model, terms, estimating.Estimate(body, slug, model, terms, ceiling), ceiling,
                body.OutputCeilingName)
            {
                ImageSize = SizeToSet(body, terms.Caps),
            };
    }

    /// <summary>The size to ask for where the plan bounds sizes and the caller named none; else null.</summary>
    private static string? SizeToSet(RequestBody body, Caps caps) =>
        body.Images > 0 && body.ImageSize is null && caps.ImageSizes is [var size, ..] ? size : null;

    /// <summary>Other free models that the request fits, in the catalogue's order.</summary>
    public IEnumerable<Quote> NextFree(CatalogueSnapshot catalogue, Caller caller, RequestBody body, string notModel)
    {
        foreach (var model in catalogue.Models.All.Where(model => model.FreeEnabled && model.Id != notModel && model.IsFor(body.Surface)))
        {
            if (Quote(catalogue, caller, body, new Slug(model.Id, Variant.Free), null).Accepted(out var quote, out _))
            {
                yield return quote;
            }
        }
    }
}

/// <summary>
/// Notices orgs whose plan the catalogue does not have. They are served by the default plan, which may give more or
/// less than was meant: the operator is told once for each, and callers see it in <c>GET key</c>.
/// </summary>
public sealed class MissingPlans(ILogger<MissingPlans> logger)
{
    /// <summary>Orgs beyond that many are not told of again: their plans are wrong all together.</summary>
    private const int MostTold = 10_000;

    private readonly ConcurrentDictionary<(string Org, string Plan), bool> _told = new();

    public void Notice(PlanBook plans, Org org)
    {
        if (plans.UnknownPlan(org) is { } plan && _told.Count < MostTold && _told.TryAdd((org.Id, plan), true))
        {
            InferenceLog.PlanMissing(logger, org.Id, plan, plans.PlanOf(org).Name);
        }
    }
}
