using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference;

/// <summary>What a caller whose quota is spent can call instead. It looks only at what is remembered: refusals stay free.</summary>
public sealed class Suggestions(CatalogueSnapshot catalogue, RequestLedger ledger)
{
    private const int Most = 5;

    public Refusal Add(Refusal refusal, Slug slug, Caller caller) => refusal.Limit is null
        ? refusal
        : refusal with { Limit = refusal.Limit with { Suggestions = [slug.ModelId, .. OtherFreeModels(slug, caller).Take(Most)] } };

    private IEnumerable<string> OtherFreeModels(Slug slug, Caller caller) => catalogue.Models.All
        .Where(model => model.FreeEnabled && model.Id != slug.ModelId)
        .Where(model => !ledger.IsKnownSpent(caller.Org.Id, Takes(caller, model)))
        .Select(model => new Slug(model.Id, Variant.Free).ToString());

    private Take[] Takes(Caller caller, Model model) =>
        catalogue.Plans.Bind(caller, new Slug(model.Id, Variant.Free), model).Accepted(out var terms, out _) ? [.. terms.All.Select(Estimate.Take)] : [];
}
