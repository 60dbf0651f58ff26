using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The models that the calling key may call, with the Free badge as it is for the calling key.</summary>
public sealed class ModelsView(CurrentCatalogue current, QuotaView quota)
{
    public async Task<Decision<Page<ModelCard>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        (await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
        && (await CardsAsync(catalogue, caller, [.. catalogue.Models.All.Where(model => ModelSet.Allows(caller.Key.AllowedModels, model.Id))], cancellation)).Accepted(out var cards, out refusal)
            ? new Page<ModelCard>(cards)
            : refusal;

    /// <param name="slugText">A model id, with or without a variant.</param>
    public async Task<Decision<ModelCard>> FindAsync(Caller caller, string slugText, CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
            || !Slug.Parse(slugText).Accepted(out var slug, out refusal)
            || !catalogue.Models.Find(slug).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        if (!ModelSet.Allows(caller.Key.AllowedModels, model.Id))
        {
            return Refuse.ModelNotAllowed(model.Id);
        }

        return (await CardsAsync(catalogue, caller, [model], cancellation)).Accepted(out var cards, out refusal) ? cards[0] : refusal;
    }

    private async Task<Decision<List<ModelCard>>> CardsAsync(CatalogueSnapshot catalogue, Caller caller, IReadOnlyList<Model> models, CancellationToken cancellation) =>
        (await quota.ReadAsync(catalogue, caller, [.. models.SelectMany(QuotaView.Slugs)], cancellation))
            .Accepted(out var standings, out var refusal)
            ? models.Select(model => Card(
                model, standings.GetValueOrDefault(new Slug(model.Id, Variant.Free)), standings[new Slug(model.Id, Variant.None)])).ToList()
            : refusal;

    /// <param name="free">Null where free use is not enabled.</param>
    private static ModelCard Card(Model model, Standing? free, Standing bare) => new(
        model.Id,
        model.OwnedBy,
        model.Created,
        model.Name,
        model.ContextLength,
        PricingCard.Of(model),
        free is null
            ? new FreeBadge(false, null, [], null, Eligible: false)
            : new FreeBadge(true, new Slug(model.Id, Variant.Free).ToString(), free.Limits, model.FreePlan, Eligible: free.Refusal is null)
            {
                Reason = free.Refusal?.Message,
            },
        [.. Variants(model)])
    {
        Gift = bare.Terms is { Gifts.Count: > 0 } terms
            ? new GiftBadge(terms.Plan.Name, [.. bare.Limits.Where(limit => limit.Kind is QuotaCard.Gift)])
            : null,
    };

    private static IEnumerable<string> Variants(Model model)
    {
        if (model.FreeEnabled)
        {
            yield return "free";
        }

        if (model.FlexPercent is not null)
        {
            yield return "flex";
        }
    }
}
