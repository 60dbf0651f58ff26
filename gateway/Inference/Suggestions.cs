using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Adds to a refusal what the caller can do instead: slugs that it can call now, and what would give its organisation
/// more of the plan. Only what is remembered is looked at, so that refusals stay free.
/// </summary>
public sealed class Suggestions(RequestLedger ledger)
{
    /// <summary>The most free models that are suggested.</summary>
    private const int MostModels = 5;

    /// <summary>Adds to a refusal that speaks of a limit; any other is returned as it is.</summary>
    /// <param name="quote">The way of serving that was refused.</param>
    public Refusal Add(RequestContext request, Quote quote, Refusal refusal)
    {
        if (refusal.Limit is not { } spent)
        {
            return refusal;
        }

        string[] paid = PayingHelps(request, quote, spent) ? [quote.Slug.ModelId] : [];
        var message = refusal.Message;
        if (paid.Length > 0)
        {
            message += " Drop the :free suffix to pay for this request.";
        }

        if (Offer(refusal, quote, request.Caller.Org) is { } offer)
        {
            message += $" {offer.Sentence}";
        }

        var free = OtherFreeModels(request, quote.Slug).Take(MostModels);
        return refusal with { Message = message, Limit = spent with { Suggestions = [.. paid, .. free] } };
    }

    /// <summary>
    /// Finds what would open the door again: more of the limit that refused, or a gift where the account cannot pay. A
    /// limit of a minute, or of requests at once, is over before anybody has bought anything.
    /// </summary>
    private static PlanOffer? Offer(Refusal refusal, Quote quote, Org org)
    {
        var offers = PlanOffer.All(quote.Terms.Plan, quote.Model, org);
        return refusal.Code switch
        {
            RefusalCode.InsufficientCredits => offers.FirstOrDefault(offer => offer.IsGift),
            RefusalCode.FreeQuotaExceeded or RefusalCode.FreeQuotaExhausted =>
                offers.FirstOrDefault(offer => !offer.IsGift && offer.Source == refusal.Limit!.Source),
            _ => null,
        };
    }

    /// <summary>
    /// Tells whether the bare id would be served: paying does not help against a limit of the key's own, nor an
    /// organisation that has bought nothing or is known to have nothing left.
    /// </summary>
    private bool PayingHelps(RequestContext request, Quote quote, SpentLimit spent) =>
        quote.Slug.Variant is Variant.Free && !KeyLimits.IsOwn(spent.Source) && CanPay(request, quote.Model);

    private bool CanPay(RequestContext request, Model model)
    {
        var caller = request.Caller;
        var bound = request.Catalogue.Plans.Bind(caller, new Slug(model.Id, Variant.None), model);
        if (!bound.Accepted(out var terms, out _))
        {
            return false;
        }

        var hasBought = caller.Org.PurchasedNanos > 0;
        var needsPurchase = terms.Gifts.Count is 0 && terms.Paid.Any(payer => payer.Limit.IsPurchased);
        return (hasBought || !needsPurchase) && !ledger.IsKnownSpent(caller.Org.Id, [.. Smallest(terms)]);
    }

    private IEnumerable<string> OtherFreeModels(RequestContext request, Slug refused) => request.Catalogue.Models.All
        .Where(model => model.FreeEnabled && model.IsFor(request.Body.Surface))
        .Select(model => (Model: model, Slug: new Slug(model.Id, Variant.Free)))
        .Where(free => free.Slug != refused && HasQuota(request, free.Model, free.Slug))
        .Select(free => free.Slug.ToString());

    private bool HasQuota(RequestContext request, Model model, Slug slug)
    {
        var bound = request.Catalogue.Plans.Bind(request.Caller, slug, model);
        return bound.Accepted(out var terms, out _)
            && !ledger.IsKnownSpent(request.Caller.Org.Id, [.. Smallest(terms)]);
    }

    /// <summary>Makes the claims of the smallest request: 1 of what is counted, and of money only where nothing is given.</summary>
    private static IEnumerable<Claim> Smallest(Terms terms) =>
    [
        .. terms.Hard.Concat(terms.Gifts).Select(bound => new Claim(bound, SmallestOf(bound.Limit.Unit))),
        .. terms.Gifts.Count is 0 ? terms.Paid.Select(bound => new Claim(bound, 1)) : [],
    ];

    private static long SmallestOf(LimitUnit unit) => unit is LimitUnit.NanoDollars or LimitUnit.MicroUnits ? 0 : 1;
}
