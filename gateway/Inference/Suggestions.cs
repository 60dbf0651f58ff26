using Freeway.Gateway.Catalogue.Format;
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
    private const int Most = 5;

    /// <param name="quote">The way of serving that was refused.</param>
    public Refusal Add(CatalogueSnapshot catalogue, Refusal refusal, Quote quote, Caller caller, Surface surface)
    {
        if (refusal.Limit is not { } spent)
        {
            return refusal;
        }

        string[] paid = [.. Paid(catalogue.Plans, quote, spent, caller)];
        var message = refusal.Message;
        if (paid.Length > 0)
        {
            message += " Drop the :free suffix to pay for this request.";
        }

        if (Offer(refusal, quote, caller.Org) is { } offer)
        {
            message += $" {offer.Sentence}";
        }

        return refusal with
        {
            Message = message,
            Limit = spent with
            {
                Suggestions = [.. paid, .. OtherFreeModels(catalogue, quote.Slug, caller, surface).Take(Most)],
            },
        };
    }

    /// <summary>
    /// What would open the door again: more of the limit that refused, or a gift where the account cannot pay. A limit
    /// of a minute, or of requests at once, is over before anybody has bought anything.
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
    /// The bare id, where paying helps and the caller can pay: not against a limit of the key's own, nor for an
    /// organisation that has bought nothing or is known to have nothing left.
    /// </summary>
    private IEnumerable<string> Paid(PlanBook plans, Quote quote, SpentLimit spent, Caller caller) =>
        quote.Slug.Variant is Variant.Free && !KeyLimits.IsOwn(spent.Source) && CanPay(plans, quote.Model, caller)
            ? [quote.Slug.ModelId]
            : [];

    private bool CanPay(PlanBook plans, Model model, Caller caller)
    {
        if (!plans.Bind(caller, new Slug(model.Id, Variant.None), model).Accepted(out var terms, out _))
        {
            return false;
        }

        var hasBought = caller.Org.PurchasedNanos > 0;
        var needsPurchase = terms.Gifts.Count is 0 && terms.Paid.Any(payer => payer.Limit.IsPurchased);
        return (hasBought || !needsPurchase) && !ledger.IsKnownSpent(caller.Org.Id, [.. Smallest(terms)]);
    }

    private IEnumerable<string> OtherFreeModels(
        CatalogueSnapshot catalogue, Slug slug, Caller caller, Surface surface) => catalogue.Models.All
        .Where(model => model.FreeEnabled && model.IsFor(surface))
        .Where(model => model.Id != slug.ModelId || slug.Variant is not Variant.Free)
        .Where(model => HasQuota(catalogue.Plans, model, caller))
        .Select(model => new Slug(model.Id, Variant.Free).ToString());

    private bool HasQuota(PlanBook plans, Model model, Caller caller) =>
        plans.Bind(caller, new Slug(model.Id, Variant.Free), model).Accepted(out var terms, out _)
        && !ledger.IsKnownSpent(caller.Org.Id, [.. Smallest(terms)]);

    /// <summary>
    /// The claims of the smallest request: 1 of what is counted, and of money only where nothing is given.
    /// </summary>
    private static IEnumerable<Claim> Smallest(Terms terms) =>
    [
        .. terms.Hard.Concat(terms.Gifts).Select(bound => new Claim(bound, SmallestOf(bound.Limit.Unit))),
        .. terms.Gifts.Count is 0 ? terms.Paid.Select(bound => new Claim(bound, 1)) : [],
    ];

    private static long SmallestOf(LimitUnit unit) => unit is LimitUnit.NanoDollars or LimitUnit.MicroUnits ? 0 : 1;
}
