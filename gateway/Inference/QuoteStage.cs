using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference;

/// <summary>Finds the model of a slug, the terms on which this caller may use it, and what the request could need. It takes nothing.</summary>
public sealed class QuoteStage(Estimating estimating, MissingPlans missing)
{
    public Decision<Quote> Quote(CatalogueSnapshot catalogue, Caller caller, RequestBody body, Slug slug, Overflow? overflow)
    {
        missing.Notice(catalogue.Plans, caller.Org);
        if (!catalogue.Models.Find(slug).Accepted(out var model, out var refusal)
            || !catalogue.Plans.Bind(caller, slug, model, overflow).Accepted(out var terms, out refusal))
        {
            return refusal;
        }

        return CapStage.Check(terms.Caps, body, model, estimating.Prompt(body, model)) is { } exceeded
            ? exceeded
            : new Quote(slug, model, terms, estimating.Estimate(body, slug, model, terms), estimating.Ceiling(body, model, terms));
    }

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
