using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>What a caller whose quota is spent can call instead. It looks only at what is remembered: refusals stay free.</summary>
public sealed class Suggestions(RequestLedger ledger)
{
    private const int Most = 5;

    public Refusal Add(CatalogueSnapshot catalogue, Refusal refusal, Slug slug, Caller caller, Surface surface) => refusal.Limit is null
        ? refusal
        : refusal with { Limit = refusal.Limit with { Suggestions = [.. Paid(slug, refusal.Limit), .. OtherFreeModels(catalogue, slug, caller, surface).Take(Most)] } };

    /// <summary>To pay for it helps against what a plan gives away, not against a limit of the key's own.</summary>
    private static IEnumerable<string> Paid(Slug slug, SpentLimit spent) => slug.Variant is Variant.Free && !KeyLimits.IsOwn(spent.Source) ? [slug.ModelId] : [];

    private IEnumerable<string> OtherFreeModels(CatalogueSnapshot catalogue, Slug slug, Caller caller, Surface surface) => catalogue.Models.All
        .Where(model => model.FreeEnabled && model.IsFor(surface) && (model.Id != slug.ModelId || slug.Variant is not Variant.Free))
        .Where(model => HasQuota(catalogue.Plans, model, caller))
        .Select(model => new Slug(model.Id, Variant.Free).ToString());

    /// <summary>Room for one request, whatever its size.</summary>
    private bool HasQuota(PlanBook plans, Model model, Caller caller) =>
        plans.Bind(caller, new Slug(model.Id, Variant.Free), model).Accepted(out var terms, out _)
        && !ledger.IsKnownSpent(caller.Org.Id, [.. terms.All.Select(bound => new Claim(bound, bound.Limit.Unit is LimitUnit.NanoDollars or LimitUnit.MicroUnits ? 0 : 1))]);
}
